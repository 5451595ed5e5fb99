package io.kompletion.internal.wire

import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnexpectedResponseException
import kotlinx.serialization.json.JsonElement

/** Reads the events of a stream that are JSON, and counts them to say which one was none. */
internal class EventJson {
    private var events = 0

    /**
     * The tree of one event; null for OpenAI's end marker, which servers that copy another protocol like to send too.
     *
     * @throws UnexpectedResponseException when it is no JSON, or breaks one of the [JsonLimits]
     */
    fun parse(data: ByteArray, start: Int, end: Int): JsonElement? {
        events++
        // The tree reader would take the marker for a list with one bare word in it.
        if (isDone(data, start, end)) return null
        return WireJson.parse(data, start, end) ?: throw noJson(data, start, end)
    }

    /** Counts an event that was read in another way. */
    fun passed() {
        events++
    }

    private fun noJson(data: ByteArray, start: Int, end: Int): UnexpectedResponseException {
        val whole = String(data, start, end - start, Charsets.UTF_8)
        JsonLimits.brokenBy(whole)?.let {
            return SizeLimits.exceeded("event $events of the stream ${it.what}", it.code)
        }
        val text = whole.take(EXCERPT)
        return UnexpectedResponseException(
            "event $events of the stream is no JSON: ${ErrorDetails.printable(text, EXCERPT)}",
            ErrorDetails.builder().code("protocol.json").build(),
        )
    }

    companion object {
        private const val EXCERPT = 80
        private const val SPACE = ' '.code.toByte()
        private val DONE = "[DONE]".encodeToByteArray()

        private fun isDone(data: ByteArray, start: Int, end: Int): Boolean {
            var from = start
            var to = end
            while (from < to && data[from] in 0..SPACE) from++
            while (to > from && data[to - 1] in 0..SPACE) to--
            if (to - from != DONE.size) return false
            for (i in DONE.indices) if (data[from + i] != DONE[i]) return false
            return true
        }
    }
}
