package io.kompletion.opendal.internal

import java.nio.ByteBuffer
import java.time.Duration
import java.util.zip.CRC32

/**
 * One value with what the service does not know about it.
 *
 * In bytes: the version of this form, when it expires in milliseconds since 1970, the generation, a CRC-32 of
 * everything else, and the value. The checksum finds what is half written: services like a folder have no atomic
 * writes.
 */
internal class Entry(val expiresAtMillis: Long, val generation: Long, val value: ByteArray) {
    fun encode(): ByteArray {
        val bytes = ByteBuffer.allocate(HEADER + value.size)
        bytes.put(VERSION).putLong(expiresAtMillis).putLong(generation).position(HEADER)
        bytes.put(value)
        return bytes.putInt(CHECKSUM_AT, checksum(bytes.array())).array()
    }

    companion object {
        /** What [bytes] hold; null when they are no whole entry of this form. */
        fun decode(bytes: ByteArray): Entry? {
            if (bytes.size < HEADER || bytes[0] != VERSION) return null
            val header = ByteBuffer.wrap(bytes)
            if (header.getInt(CHECKSUM_AT) != checksum(bytes)) return null
            return Entry(
                header.getLong(EXPIRY_AT),
                header.getLong(GENERATION_AT),
                bytes.copyOfRange(HEADER, bytes.size),
            )
        }

        /** [ttl] from [now]; the end of time when that is later than a number can say. */
        fun expiry(now: Long, ttl: Duration): Long = try {
            Math.addExact(now, ttl.toMillis())
        } catch (_: ArithmeticException) {
            if (ttl.isNegative) Long.MIN_VALUE else Long.MAX_VALUE
        }

        private fun checksum(bytes: ByteArray): Int = CRC32().run {
            update(bytes, 0, CHECKSUM_AT)
            update(bytes, HEADER, bytes.size - HEADER)
            value.toInt()
        }

        private const val VERSION: Byte = 1
        private const val EXPIRY_AT = 1
        private const val GENERATION_AT = EXPIRY_AT + Long.SIZE_BYTES
        private const val CHECKSUM_AT = GENERATION_AT + Long.SIZE_BYTES
        private const val HEADER = CHECKSUM_AT + Int.SIZE_BYTES
    }
}
