package io.kompletion.internal.stream

/** Other forms of a stream that must mean the same. */
internal object StreamForms {
    private val MARK = byteArrayOf(0xEF.toByte(), 0xBB.toByte(), 0xBF.toByte())

    fun of(stream: WireStream): Map<String, WireStream> = if (stream.isText) ofText(stream) else ofFrames(stream)

    private fun ofFrames(stream: WireStream) = mapOf(
        "no content type" to stream.labelled(null),
        "another content type" to stream.labelled("application/octet-stream"),
    )

    private fun ofText(stream: WireStream): Map<String, WireStream> {
        val text = stream.bytes.decodeToString().replace("\r\n", "\n")
        val forms = linkedMapOf(
            "LF" to stream.with(text),
            "CRLF" to stream.with(text.replace("\n", "\r\n")),
            "CR" to stream.with(text.replace("\n", "\r")),
            "byte order mark" to stream.with(MARK + stream.bytes),
            "no blank line at the end" to stream.with(text.trimEnd('\n')),
        )
        if (!stream.isEventStream) return forms
        forms["no content type"] = stream.labelled(null)
        forms["comments and blank lines"] = stream.with(text.replace("\n\n", "\n\n: keep-alive\n\n\n:\n\n"))
        forms["byte order mark behind a comment"] = stream.with(": waiting\n\n".encodeToByteArray() + MARK + stream.bytes)
        forms["no space after data:"] = stream.with(text.replace(Regex("(?m)^data: "), "data:"))
        forms["id and retry"] = stream.with(text.replace(Regex("(?m)^data:"), "id: 1\nretry: 10\ndata:"))
        return forms
    }
}
