package io.kompletion.testkit.bedrock

import java.io.ByteArrayOutputStream
import java.io.DataOutputStream
import java.nio.ByteBuffer
import java.util.zip.CRC32

/**
 * One frame of Amazon's event stream: a prelude with both lengths and their checksum, headers, payload, and a checksum
 * of all before it. Immutable; [bytes] writes it with lengths and checksums that fit.
 *
 * @property headers the encoded headers, see [text]
 */
internal class EventFrame(val headers: ByteArray, val payload: ByteArray) {
    fun payload(value: ByteArray) = EventFrame(headers, value)

    /** The same with more headers behind its own. */
    fun headers(more: ByteArray) = EventFrame(headers + more, payload)

    fun bytes(): ByteArray = bytes(OVERHEAD + headers.size + payload.size, headers.size)

    /** The frame with lengths in its prelude that may be wrong; its checksums fit. */
    fun bytes(totalLength: Int, headerLength: Int): ByteArray {
        val out = ByteArrayOutputStream()
        DataOutputStream(out).run {
            writeInt(totalLength)
            writeInt(headerLength)
            writeInt(checksum(out.toByteArray()))
            write(headers)
            write(payload)
            writeInt(checksum(out.toByteArray()))
        }
        return out.toByteArray()
    }

    private fun checksum(bytes: ByteArray): Int = CRC32().apply { update(bytes) }.value.toInt()

    companion object {
        /** Prelude and checksum. */
        const val OVERHEAD: Int = 16

        /** Length, length of the headers, and their checksum. */
        const val PRELUDE: Int = 12
        private const val TEXT = 7

        /** The frame that [bytes] are, which has to be a sound one. */
        fun of(bytes: ByteArray): EventFrame {
            val payload = PRELUDE + ByteBuffer.wrap(bytes).getInt(Int.SIZE_BYTES)
            return EventFrame(
                bytes.copyOfRange(PRELUDE, payload),
                bytes.copyOfRange(payload, bytes.size - Int.SIZE_BYTES),
            )
        }

        /** A header with a text. */
        fun text(name: String, value: String): ByteArray {
            val bytes = value.encodeToByteArray()
            val length = ByteBuffer.allocate(Short.SIZE_BYTES).putShort(bytes.size.toShort()).array()
            return header(name, TEXT, length + bytes)
        }

        /** A header of any [type] with its [value] as it is encoded. */
        fun header(name: String, type: Int, value: ByteArray): ByteArray =
            byteArrayOf(name.length.toByte()) + name.encodeToByteArray() + type.toByte() + value
    }
}
