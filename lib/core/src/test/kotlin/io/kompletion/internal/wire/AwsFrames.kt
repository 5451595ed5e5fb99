package io.kompletion.internal.wire

import java.io.ByteArrayOutputStream
import java.io.DataOutputStream
import java.util.Base64
import java.util.zip.CRC32

/** Writes frames of Amazon's event stream, also wrong ones. */
internal object AwsFrames {
    const val TYPE = "application/vnd.amazon.eventstream"

    /**
     * Frames out of lines: `event` or `exception` with type and JSON, `error` with code and text, `chunk` with what
     * InvokeModel wraps, `cut` for the first half of the last frame, `broken` for a wrong bit in it.
     */
    fun ofLines(lines: List<String>): ByteArray {
        val frames = ArrayList<ByteArray>()
        for (line in lines.filter { it.isNotBlank() }) {
            val kind = line.substringBefore(' ')
            val rest = line.substringAfter(' ', "")
            val type = rest.substringBefore(' ')
            val text = rest.substringAfter(' ', "")
            when (kind) {
                "event" -> frames += event(type, text)
                "exception" -> frames += exception(type, text)
                "error" -> frames += error(type, text)
                "chunk" -> frames += event("chunk", "{\"bytes\":\"${encoded(rest)}\",\"p\":\"abc\"}")
                "cut" -> frames += frames.removeLast().let { it.copyOf(it.size / 2) }
                "broken" -> frames += frames.removeLast().also { it[it.size / 2] = (it[it.size / 2].toInt() xor 1).toByte() }
                else -> error("no frame is written as \"$line\"")
            }
        }
        return frames.joined()
    }

    private fun encoded(text: String): String = Base64.getEncoder().encodeToString(text.encodeToByteArray())

    fun event(type: String, json: String): ByteArray =
        frame(json.encodeToByteArray(), ":message-type" to "event", ":event-type" to type)

    fun exception(type: String, json: String): ByteArray =
        frame(json.encodeToByteArray(), ":message-type" to "exception", ":exception-type" to type)

    fun error(code: String, message: String): ByteArray =
        frame(ByteArray(0), ":message-type" to "error", ":error-code" to code, ":error-message" to message)

    fun frame(payload: ByteArray, vararg headers: Pair<String, String>): ByteArray =
        frame(payload, headers.map { (name, value) -> header(name, TEXT, sized(value.encodeToByteArray())) }.joined())

    /** [headers] are the bytes of all headers. */
    fun frame(payload: ByteArray, headers: ByteArray): ByteArray {
        val total = OVERHEAD + headers.size + payload.size
        val prelude = prelude(total, headers.size)
        val signed = prelude + headers + payload
        return signed + int(checksum(signed))
    }

    fun prelude(total: Int, headers: Int): ByteArray {
        val lengths = int(total) + int(headers)
        return lengths + int(checksum(lengths))
    }

    fun header(name: String, type: Int, value: ByteArray): ByteArray =
        byteArrayOf(name.length.toByte()) + name.encodeToByteArray() + type.toByte() + value

    /** A value behind its length, as texts and bytes have it. */
    fun sized(value: ByteArray): ByteArray = byteArrayOf((value.size shr 8).toByte(), value.size.toByte()) + value

    fun List<ByteArray>.joined(): ByteArray = fold(ByteArray(0)) { all, next -> all + next }

    private fun checksum(bytes: ByteArray): Int = CRC32().apply { update(bytes) }.value.toInt()

    private fun int(value: Int): ByteArray =
        ByteArrayOutputStream().also { DataOutputStream(it).writeInt(value) }.toByteArray()

    private const val TEXT = 7
    private const val OVERHEAD = 16
}
