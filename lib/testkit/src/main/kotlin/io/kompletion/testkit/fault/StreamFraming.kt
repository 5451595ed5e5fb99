package io.kompletion.testkit.fault

import java.nio.ByteBuffer

/**
 * How the documents of a streamed answer are told apart.
 *
 * @property word its name in `recording.json`
 * @property extension how the files of streams end
 * @property opening what stands before a document where that is text, or null
 * @property closing what stands behind it
 */
internal enum class StreamFraming(
    val word: String,
    val extension: String,
    private val opening: String? = null,
    private val closing: String = "",
) {
    /** Server-sent events. */
    SSE("sse", "sse", "data: ", "\n\n") {
        override fun cut(stream: ByteArray): List<ByteArray> = EventCutter.events(stream)
    },

    /** One JSON document a line. */
    NDJSON("ndjson", "ndjson", "", "\n") {
        override fun cut(stream: ByteArray): List<ByteArray> = EventCutter.pieces(stream) { at ->
            if (stream[at] == '\n'.code.toByte()) at + 1 else null
        }
    },

    /** AWS's binary frames (`application/vnd.amazon.eventstream`), each of which begins with its length. */
    EVENT_STREAM("event-stream", "frames") {
        override fun cut(stream: ByteArray): List<ByteArray> {
            var next = 0
            return EventCutter.pieces(stream) { at ->
                if (at != next || at + LENGTH_BYTES > stream.size) return@pieces null
                val end = at + ByteBuffer.wrap(stream, at, LENGTH_BYTES).int
                end.takeIf { it in at + LENGTH_BYTES..stream.size }?.also { next = it }
            }
        }
    }, ;

    /** [stream] in its pieces, framing included; together they are [stream], whatever it holds. */
    abstract fun cut(stream: ByteArray): List<ByteArray>

    /** What stands before a document of this framing, which is one of [TEXT]. */
    fun opening(): String = checkNotNull(opening) { "$word has no framing in text" }

    /** [document] as a piece of this framing, which is one of [TEXT]; the document need not be a good one. */
    fun piece(document: String): String = opening() + document + closing

    companion object {
        private const val LENGTH_BYTES = 4
        val ALL: Set<StreamFraming> = entries.toSet()

        /** Those in which lines are what counts. */
        val TEXT: Set<StreamFraming> = setOf(SSE, NDJSON)

        fun named(word: String): StreamFraming = requireNotNull(entries.firstOrNull { it.word == word }) {
            "No framing \"$word\"; there are ${entries.joinToString { it.word }}"
        }
    }
}
