package io.kompletion.testkit.bedrock

import java.io.ByteArrayOutputStream
import java.io.DataOutputStream
import java.util.zip.CRC32

/** Writes frames of Amazon's event stream. */
internal object EventStreamFrames {
    fun event(type: String, payload: String): ByteArray = frame("event", ":event-type", type, payload)

    fun exception(type: String, payload: String): ByteArray = frame("exception", ":exception-type", type, payload)

    private fun frame(message: String, typeName: String, type: String, payload: String): ByteArray {
        val headers = ByteArrayOutputStream()
        val fields = listOf(typeName to type, ":content-type" to "application/json", ":message-type" to message)
        for ((name, value) in fields) {
            DataOutputStream(headers).run {
                writeByte(name.length)
                writeBytes(name)
                writeByte(TEXT)
                writeShort(value.length)
                writeBytes(value)
            }
        }
        val body = payload.encodeToByteArray()
        val out = ByteArrayOutputStream()
        DataOutputStream(out).run {
            writeInt(OVERHEAD + headers.size() + body.size)
            writeInt(headers.size())
            writeInt(checksum(out.toByteArray()))
            write(headers.toByteArray())
            write(body)
            writeInt(checksum(out.toByteArray()))
        }
        return out.toByteArray()
    }

    private fun checksum(bytes: ByteArray): Int = CRC32().apply { update(bytes) }.value.toInt()

    private const val TEXT = 7
    private const val OVERHEAD = 16
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
