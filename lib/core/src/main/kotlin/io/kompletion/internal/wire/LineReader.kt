package io.kompletion.internal.wire

import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnexpectedResponseException

/** Receives lines as ranges of an array that is valid only until the call returns, or until [pause]. */
internal interface LineSink {
    fun line(bytes: ByteArray, start: Int, end: Int)

    /** The arrays given so far are about to be reused; whatever is still needed must be copied now. */
    fun pause()
}

/**
 * Cuts bytes into lines at LF, CRLF and bare CR, however they are split between pushes, and strips a byte order mark at
 * the beginning of a line: of the first one, and of a later one where a proxy has said something before the answer that
 * it passes on. A line that lies whole in the pushed array is handed on in place; only a line that straddles two pushes
 * is copied.
 *
 * The last line without an end comes with [finish].
 */
internal class LineReader(private val sink: LineSink, private val maxLineBytes: Int = MAX_LINE_BYTES) {
    private var carry = ByteArray(INITIAL_CARRY)
    private var held = 0
    private var skipLineFeed = false

    fun push(bytes: ByteArray, start: Int, end: Int) {
        var from = start
        if (from < end && skipLineFeed) {
            skipLineFeed = false
            if (bytes[from] == LF) from++
        }
        while (from < end) {
            val stop = endOfLine(bytes, from, end)
            if (stop == end) {
                sink.pause()
                hold(bytes, from, end)
                return
            }
            emit(bytes, from, stop)
            from = stop + 1
            if (bytes[stop] == CR) {
                if (from == end) {
                    skipLineFeed = true
                } else if (bytes[from] == LF) {
                    from++
                }
            }
        }
        sink.pause()
    }

    /** Hands on what stands after the last line end. */
    fun finish() {
        if (held > 0) emit(carry, 0, 0)
    }

    private fun emit(bytes: ByteArray, start: Int, end: Int) {
        if (held == 0) {
            if (end - start > maxLineBytes) tooLong()
            line(bytes, start, end)
        } else {
            hold(bytes, start, end)
            val length = held
            held = 0
            line(carry, 0, length)
        }
    }

    private fun line(bytes: ByteArray, start: Int, end: Int) {
        sink.line(bytes, if (isMarked(bytes, start, end)) start + MARK.size else start, end)
    }

    private fun isMarked(bytes: ByteArray, start: Int, end: Int): Boolean = end - start >= MARK.size &&
        bytes[start] == MARK[0] && bytes[start + 1] == MARK[1] && bytes[start + 2] == MARK[2]

    private fun hold(bytes: ByteArray, start: Int, end: Int) {
        val length = end - start
        if (held + length > maxLineBytes) tooLong()
        if (held + length > carry.size) carry = carry.copyOf(maxOf(carry.size * 2, held + length))
        System.arraycopy(bytes, start, carry, held, length)
        held += length
    }

    private fun tooLong(): Nothing = throw UnexpectedResponseException(
        "a line of the answer is longer than $maxLineBytes bytes",
        ErrorDetails.builder().code("limit.line").build(),
    )

    private fun endOfLine(bytes: ByteArray, start: Int, end: Int): Int {
        var at = start
        while (at < end) {
            val b = bytes[at]
            if (b <= CR && (b == LF || b == CR)) return at
            at++
        }
        return end
    }

    companion object {
        /** 8 MiB: far beyond any event, small enough for a phone. */
        const val MAX_LINE_BYTES: Int = 8 shl 20
        private const val INITIAL_CARRY = 1024
        private const val LF = '\n'.code.toByte()
        private const val CR = '\r'.code.toByte()
        private val MARK = byteArrayOf(0xEF.toByte(), 0xBB.toByte(), 0xBF.toByte())
    }
}
