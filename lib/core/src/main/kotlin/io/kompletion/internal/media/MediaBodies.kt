package io.kompletion.internal.media

import io.kompletion.error.MediaFetchException.Kind
import java.io.InputStream

/** The next [left] bytes; fewer are a failure. */
internal class CountedBody(private val input: InputStream, private var left: Long) : InputStream() {
    override fun read(): Int = throw UnsupportedOperationException("read into an array")

    override fun read(into: ByteArray, offset: Int, length: Int): Int {
        if (left == 0L) return -1
        val count = input.read(into, offset, minOf(length.toLong(), left).toInt())
        if (count < 0) throw FetchFailure(Kind.CONNECTION, "the connection ended in the middle")
        left -= count
        return count
    }
}

/** A body in chunks; one without its last chunk is a failure. What follows the last chunk is not read. */
internal class ChunkedBody(private val input: InputStream) : InputStream() {
    private var chunk: CountedBody? = null
    private var isDone = false

    override fun read(): Int = throw UnsupportedOperationException("read into an array")

    override fun read(into: ByteArray, offset: Int, length: Int): Int {
        while (!isDone) {
            val count = chunk?.read(into, offset, length) ?: -1
            if (count > 0) return count
            next()
        }
        return -1
    }

    private fun next() {
        val lines = Lines(input, MOST_LINE_BYTES)
        if (chunk != null && lines.next().isNotEmpty()) throw MediaHead.broken("a chunk is longer than it said")
        val size = lines.next().substringBefore(';').trim()
        if (size.length !in 1..MOST_DIGITS) throw MediaHead.broken("a chunk has no length")
        val bytes = size.toLongOrNull(HEX)?.takeIf { it >= 0 } ?: throw MediaHead.broken("a chunk has no length")
        isDone = bytes == 0L
        chunk = CountedBody(input, bytes)
    }

    private companion object {
        const val HEX = 16
        const val MOST_DIGITS = 8
        const val MOST_LINE_BYTES = 1 shl 10
    }
}
