package io.kompletion.testkit.bedrock

/** Writes frames of Amazon's event stream. */
internal object EventStreamFrames {
    fun event(type: String, payload: String): ByteArray = frame("event", ":event-type", type, payload)

    fun exception(type: String, payload: String): ByteArray = frame("exception", ":exception-type", type, payload)

    /** A failure that has a code and a text in its head and no payload. */
    fun error(code: String, text: String): ByteArray {
        val fields = listOf(":error-code" to code, ":error-message" to text, ":message-type" to "error")
        return EventFrame(headers(fields), ByteArray(0)).bytes()
    }

    private fun frame(message: String, typeName: String, type: String, payload: String): ByteArray {
        val fields = listOf(typeName to type, ":content-type" to "application/json", ":message-type" to message)
        return EventFrame(headers(fields), payload.encodeToByteArray()).bytes()
    }

    private fun headers(fields: List<Pair<String, String>>): ByteArray =
        fields.map { (name, value) -> EventFrame.text(name, value) }.reduce(ByteArray::plus)
}

/** One or more events in a text of their own, which [bytes] puts into frames: a line with the name, a line with the JSON. */
internal object EventLines {
    private const val EXCEPTION = "!"

    fun event(type: String, json: Any): String = "$type\n$json\n"

    fun exception(type: String, json: Any): String = "$EXCEPTION$type\n$json\n"

    fun bytes(lines: String): ByteArray = lines.trimEnd('\n').split('\n').chunked(2)
        .map { (type, json) ->
            if (type.startsWith(EXCEPTION)) {
                EventStreamFrames.exception(type.removePrefix(EXCEPTION), json)
            } else {
                EventStreamFrames.event(type, json)
            }
        }
        .fold(ByteArray(0), ByteArray::plus)
}
