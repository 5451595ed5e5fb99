package io.kompletion.internal.wire

/**
 * Server-sent events from bytes, pushed as they come.
 *
 * Follows the HTML standard where servers do, and servers where they do not:
 * - one space after the colon is dropped, several `data:` lines are joined by LF, comments, `id:` and `retry:` are
 *   passed over, an event without data is none;
 * - an event that the end of the body cuts off before its blank line is handed on when it is `[DONE]` or whole JSON;
 * - `error:` as a field name carries an error, as old llama.cpp servers write it;
 * - a line that begins with `{` or `[` starts a JSON document outside the framing, as Gemini writes errors in the
 *   middle of a stream; it is gathered up to the next field that is part of the framing and handed to
 *   [EventSink.stray].
 *
 * An event whose data is one line inside the pushed array is handed on in place, without a copy or a String.
 */
internal class SseReader(private val sink: EventSink, maxLineBytes: Int = LineReader.MAX_LINE_BYTES) :
    Framing,
    LineSink {
    private val lines = LineReader(this, maxLineBytes)
    private var name: String? = null

    // The data of the event so far: a range of somebody else's array until the next pause, else of `own`.
    private var data: ByteArray = NONE
    private var dataStart = 0
    private var dataEnd = 0
    private var hasData = false
    private var own = NONE
    private var stray: ByteArray? = null
    private var strayLength = 0

    override fun push(bytes: ByteArray, start: Int, end: Int) = lines.push(bytes, start, end)

    override fun finish() {
        lines.finish()
        if (hasData && (isDone() || StrictJson.isDocument(data, dataStart, dataEnd))) dispatch()
        flushStray()
    }

    private fun isDone() = DONE.size == dataEnd - dataStart && startsWith(data, dataStart, dataEnd, DONE)

    override fun line(bytes: ByteArray, start: Int, end: Int) {
        if (start == end) {
            if (stray != null) addStray(bytes, start, end)
            dispatch()
            return
        }
        val first = bytes[start]
        when {
            first == DATA[0] && startsWith(
                bytes,
                start,
                end,
                DATA,
            ) -> addData(bytes, value(bytes, start + DATA.size, end), end)

            first == COLON -> Unit

            first == BRACE || first == BRACKET -> addStray(bytes, start, end)

            first == EVENT[0] && startsWith(
                bytes,
                start,
                end,
                EVENT,
            ) -> rename(bytes, value(bytes, start + EVENT.size, end), end)

            first == ERROR[0] && startsWith(bytes, start, end, ERROR) -> {
                name = "error"
                addData(bytes, value(bytes, start + ERROR.size, end), end)
            }

            stray != null -> addStray(bytes, start, end)
        }
    }

    override fun pause() {
        if (hasData && data !== own) keep(dataEnd - dataStart)
    }

    private fun addData(bytes: ByteArray, start: Int, end: Int) {
        flushStray()
        // Proxies have been seen to frame twice.
        val from = if (startsWith(bytes, start, end, DATA)) value(bytes, start + DATA.size, end) else start
        if (!hasData) {
            data = bytes
            dataStart = from
            dataEnd = end
            hasData = true
            return
        }
        val length = dataEnd - dataStart
        val added = end - from + 1
        if (length + added > MAX_EVENT_BYTES) tooLarge()
        keep(length + added)
        own[length] = '\n'.code.toByte()
        System.arraycopy(bytes, from, own, length + 1, end - from)
        dataEnd = length + added
    }

    /** Moves the data so far to the reader's own array, with room for [size] bytes. */
    private fun keep(size: Int) {
        val length = dataEnd - dataStart
        val from = data
        if (own.size < size) own = ByteArray(maxOf(size, own.size * 2, INITIAL_EVENT))
        if (from !== own || dataStart != 0) System.arraycopy(from, dataStart, own, 0, length)
        data = own
        dataStart = 0
        dataEnd = length
    }

    private fun dispatch() {
        val event = name
        name = null
        if (!hasData) return
        hasData = false
        val bytes = data
        data = NONE
        if (dataStart < dataEnd) sink.event(event, bytes, dataStart, dataEnd)
    }

    /** Names repeat from event to event; the last one is reused while its bytes stay the same. */
    private var lastName = ""

    private fun rename(bytes: ByteArray, start: Int, end: Int) {
        flushStray()
        if (!sameAscii(lastName, bytes, start, end)) lastName = String(bytes, start, end - start, Charsets.UTF_8)
        name = lastName
    }

    private fun addStray(bytes: ByteArray, start: Int, end: Int) {
        val length = end - start
        var gathered = stray ?: ByteArray(maxOf(INITIAL_EVENT, length + 1))
        if (strayLength + length + 1 > MAX_STRAY_BYTES) tooLarge()
        if (strayLength + length + 1 >
            gathered.size
        ) {
            gathered = gathered.copyOf(maxOf(gathered.size * 2, strayLength + length + 1))
        }
        System.arraycopy(bytes, start, gathered, strayLength, length)
        gathered[strayLength + length] = '\n'.code.toByte()
        stray = gathered
        strayLength += length + 1
    }

    private fun flushStray() {
        val gathered = stray ?: return
        stray = null
        val length = strayLength
        strayLength = 0
        sink.stray(gathered, 0, length)
    }

    private fun tooLarge(): Nothing =
        throw SizeLimits.exceeded("an event of the stream is larger than $MAX_EVENT_BYTES bytes", "limit.event")

    companion object {
        const val MAX_EVENT_BYTES = 16 shl 20

        /** A whole completion sent instead of a stream comes this way too. */
        private const val MAX_STRAY_BYTES = 16 shl 20
        private const val INITIAL_EVENT = 1024
        private const val COLON = ':'.code.toByte()
        private const val BRACE = '{'.code.toByte()
        private const val BRACKET = '['.code.toByte()
        private const val SPACE = ' '.code.toByte()
        private val NONE = ByteArray(0)
        private val DATA = "data:".encodeToByteArray()
        private val EVENT = "event:".encodeToByteArray()
        private val ERROR = "error:".encodeToByteArray()
        private val DONE = "[DONE]".encodeToByteArray()

        fun startsWith(bytes: ByteArray, start: Int, end: Int, prefix: ByteArray): Boolean {
            if (end - start < prefix.size) return false
            for (i in prefix.indices) if (bytes[start + i] != prefix[i]) return false
            return true
        }

        /** Where the value begins: after one space, if there is one. */
        fun value(bytes: ByteArray, start: Int, end: Int): Int = if (start < end &&
            bytes[start] == SPACE
        ) {
            start + 1
        } else {
            start
        }

        fun sameAscii(text: String, bytes: ByteArray, start: Int, end: Int): Boolean {
            if (text.length != end - start) return false
            for (i in text.indices) if (text[i].code != bytes[start + i].toInt()) return false
            return true
        }
    }
}

/** One JSON document a line (NDJSON); blank lines are passed over. */
internal class NdjsonReader(private val sink: EventSink, maxLineBytes: Int = LineReader.MAX_LINE_BYTES) :
    Framing,
    LineSink {
    private val lines = LineReader(this, maxLineBytes)
    private var ended = false

    override fun push(bytes: ByteArray, start: Int, end: Int) = lines.push(bytes, start, end)

    /** A last line without its end counts when it is whole; else the stream was cut off inside of it. */
    override fun finish() {
        ended = true
        lines.finish()
    }

    override fun line(bytes: ByteArray, start: Int, end: Int) {
        if (ended && !StrictJson.isDocument(bytes, start, end)) return
        if ((start until end).any {
                bytes[it] > ' '.code.toByte() || bytes[it] < 0
            }
        ) {
            sink.event(null, bytes, start, end)
        }
    }

    override fun pause() = Unit
}
