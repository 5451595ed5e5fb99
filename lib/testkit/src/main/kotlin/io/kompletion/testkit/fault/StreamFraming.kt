package io.kompletion.testkit.fault

import io.kompletion.testkit.bedrock.EventFrame
import io.kompletion.testkit.bedrock.FrameLines
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

        override fun document(piece: ByteArray): ByteArray = EventCutter.data(piece).encodeToByteArray()

        override fun reframed(piece: ByteArray, document: ByteArray): ByteArray {
            val before = piece.decodeToString().substringBefore("data:")
            return before.encodeToByteArray() + framed(document)
        }
    },

    /** One JSON document a line. */
    NDJSON("ndjson", "ndjson", "", "\n") {
        override fun cut(stream: ByteArray): List<ByteArray> = EventCutter.pieces(stream) { at ->
            if (stream[at] == '\n'.code.toByte()) at + 1 else null
        }

        override fun document(piece: ByteArray): ByteArray = piece.copyOf(piece.size - 1)

        override fun reframed(piece: ByteArray, document: ByteArray): ByteArray = framed(document)
    },

    /** AWS's binary frames (`application/vnd.amazon.eventstream`), each of which begins with its length. */
    EVENT_STREAM("event-stream", "frames") {
        override fun stream(file: ByteArray): ByteArray = FrameLines.bytes(file.decodeToString())

        override fun cut(stream: ByteArray): List<ByteArray> {
            var next = 0
            return EventCutter.pieces(stream) { at ->
                if (at != next || at + LENGTH_BYTES > stream.size) return@pieces null
                val end = at + ByteBuffer.wrap(stream, at, LENGTH_BYTES).int
                end.takeIf { it in at + LENGTH_BYTES..stream.size }?.also { next = it }
            }
        }

        override fun document(piece: ByteArray): ByteArray = EventFrame.of(piece).payload

        override fun reframed(piece: ByteArray, document: ByteArray): ByteArray =
            EventFrame.of(piece).payload(document).bytes()
    }, ;

    /** The bytes on the wire that [file] of a recording stands for; frames are written in lines there. */
    open fun stream(file: ByteArray): ByteArray = file

    /** [stream] in its pieces, framing included; together they are [stream], whatever it holds. */
    abstract fun cut(stream: ByteArray): List<ByteArray>

    /** The document in [piece], which is a sound one with a document. */
    abstract fun document(piece: ByteArray): ByteArray

    /** [piece] with [document] in place of its own; it need not be a good one. */
    abstract fun reframed(piece: ByteArray, document: ByteArray): ByteArray

    /** What stands before a document of this framing, which is one of [TEXT]. */
    fun opening(): String = checkNotNull(opening) { "$word has no framing in text" }

    /** [document] as a piece of this framing, which is one of [TEXT]; the document need not be a good one. */
    fun piece(document: String): String = opening() + document + closing

    protected fun framed(document: ByteArray): ByteArray =
        opening().encodeToByteArray() + document + closing.encodeToByteArray()

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
