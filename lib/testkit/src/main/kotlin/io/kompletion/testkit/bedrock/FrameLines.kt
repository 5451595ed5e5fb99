package io.kompletion.testkit.bedrock

import java.util.Base64

/** Frames written in lines, as golden files have them: what a frame is, its type, and its JSON. */
internal object FrameLines {
    /**
     * The frames of [text]: `event` or `exception` with type and JSON, `error` with code and text, `chunk` with an event
     * that InvokeModel wraps. Blank lines are none.
     */
    fun bytes(text: String): ByteArray =
        text.lineSequence().filter { it.isNotBlank() }.map(::frame).fold(ByteArray(0), ByteArray::plus)

    private fun frame(line: String): ByteArray {
        val kind = line.substringBefore(' ')
        val rest = line.substringAfter(' ', "")
        val type = rest.substringBefore(' ')
        val said = rest.substringAfter(' ', "")
        return when (kind) {
            "event" -> EventStreamFrames.event(type, said)
            "exception" -> EventStreamFrames.exception(type, said)
            "error" -> EventStreamFrames.error(type, said)
            "chunk" -> EventStreamFrames.event("chunk", "{\"bytes\":\"${encoded(rest)}\",\"p\":\"abcdefgh\"}")
            else -> throw IllegalArgumentException("No frame is written as \"$line\"")
        }
    }

    private fun encoded(text: String): String = Base64.getEncoder().encodeToString(text.encodeToByteArray())
}
