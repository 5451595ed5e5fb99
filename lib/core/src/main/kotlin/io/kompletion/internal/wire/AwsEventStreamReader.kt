package io.kompletion.internal.wire

import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnexpectedResponseException
import java.util.zip.CRC32

/**
 * Amazon's binary event stream (`application/vnd.amazon.eventstream`) from bytes, pushed as they come: frames of a
 * prelude (total length, length of the headers, checksum of both), headers, payload, and a checksum of everything before
 * it; numbers are big-endian.
 *
 * What a frame is stands in its headers: an event goes on under its `:event-type`, an exception and an error as a
 * [EventSink.failure]. Kinds that nobody knows yet are passed over. A frame that lies whole in the pushed array is
 * handed on in place; only one that straddles two pushes is copied, and memory grows with what came, not with what a
 * prelude promises.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html">AWS: event stream encoding</a>
 */
internal class AwsEventStreamReader(private val sink: EventSink, private val maxFrameBytes: Int = MAX_FRAME_BYTES) :
    Framing {
    private val checksum = CRC32()
    private var carry = ByteArray(INITIAL_CARRY)
    private var held = 0

    override fun push(bytes: ByteArray, start: Int, end: Int) {
        var from = start
        while (from < end) from = if (held == 0) inPlace(bytes, from, end) else carried(bytes, from, end)
    }

    /** What is left is part of a frame that was cut off, and means nothing. */
    override fun finish() {
        held = 0
    }

    private fun inPlace(bytes: ByteArray, start: Int, end: Int): Int {
        val length = if (end - start < PRELUDE) Int.MAX_VALUE else frameLength(bytes, start)
        if (length > end - start) {
            hold(bytes, start, end)
            return end
        }
        frame(bytes, start, length)
        return start + length
    }

    /** Takes from the pushed bytes what the frame that has begun still lacks. */
    private fun carried(bytes: ByteArray, start: Int, end: Int): Int {
        if (held < PRELUDE) {
            val to = minOf(end, start + PRELUDE - held)
            hold(bytes, start, to)
            if (held == PRELUDE) frameLength(carry, 0)
            return to
        }
        val length = readInt(carry, 0)
        val to = minOf(end, start + length - held)
        hold(bytes, start, to)
        if (held == length) {
            held = 0
            frame(carry, 0, length)
        }
        return to
    }

    private fun hold(bytes: ByteArray, start: Int, end: Int) {
        val needed = held + end - start
        if (needed > carry.size) carry = carry.copyOf(maxOf(carry.size * 2, needed))
        System.arraycopy(bytes, start, carry, held, end - start)
        held = needed
    }

    /** The length that a prelude gives, when the prelude is sound. */
    private fun frameLength(bytes: ByteArray, at: Int): Int {
        val total = readInt(bytes, at)
        val headers = readInt(bytes, at + Int.SIZE_BYTES)
        check(bytes, at, PRELUDE - Int.SIZE_BYTES, "the prelude of a frame")
        if (total < 0 || total > maxFrameBytes) {
            throw broken("limit.event", "a frame of the stream is larger than $maxFrameBytes bytes")
        }
        if (headers < 0 || headers > total - OVERHEAD) {
            throw broken("protocol.frame", "a frame of $total bytes claims $headers bytes of headers")
        }
        return total
    }

    private fun frame(bytes: ByteArray, at: Int, length: Int) {
        val end = at + length - Int.SIZE_BYTES
        check(bytes, at, length - Int.SIZE_BYTES, "a frame")
        val payload = at + PRELUDE + readInt(bytes, at + Int.SIZE_BYTES)
        val headers = AwsEventHeaders.read(bytes, at + PRELUDE, payload)
        when (headers.messageType) {
            "event" -> sink.event(headers.eventType, bytes, payload, end)

            "exception" -> sink.failure(headers.exceptionType.orEmpty(), bytes, payload, end)

            "error" -> {
                val said = headers.errorMessage.orEmpty().encodeToByteArray()
                sink.failure(headers.errorCode.orEmpty(), said, 0, said.size)
            }
        }
    }

    private fun check(bytes: ByteArray, at: Int, length: Int, what: String) {
        checksum.reset()
        checksum.update(bytes, at, length)
        if (checksum.value.toInt() == readInt(bytes, at + length)) return
        throw broken("protocol.crc", "the checksum of $what of the stream is wrong")
    }

    internal companion object {
        /** 16 MiB, the most that Amazon's own readers take. */
        const val MAX_FRAME_BYTES: Int = 16 shl 20
        private const val INITIAL_CARRY = 1024
        private const val PRELUDE = 12

        /** Prelude and checksum: what a frame without headers and payload has. */
        private const val OVERHEAD = PRELUDE + Int.SIZE_BYTES

        fun broken(code: String, message: String) =
            UnexpectedResponseException(message, ErrorDetails.builder().code(code).build())

        fun readInt(bytes: ByteArray, at: Int): Int = (bytes[at].toInt() shl 24) or
            ((bytes[at + 1].toInt() and 0xFF) shl 16) or
            ((bytes[at + 2].toInt() and 0xFF) shl 8) or
            (bytes[at + 3].toInt() and 0xFF)
    }
}

/** The headers of one frame that say what it is; every other one is stepped over. */
internal class AwsEventHeaders private constructor(private val texts: Map<String, String>) {
    val messageType: String? get() = texts[":message-type"]
    val eventType: String? get() = texts[":event-type"]
    val exceptionType: String? get() = texts[":exception-type"]
    val errorCode: String? get() = texts[":error-code"]
    val errorMessage: String? get() = texts[":error-message"]

    companion object {
        private const val BYTES = 6
        private const val TEXT = 7

        /** How many bytes a value of each type has: true, false, byte, short, int, long, then time and UUID. */
        private val SIZES = intArrayOf(0, 0, 1, 2, 4, 8, -1, -1, 8, 16)

        /** @throws UnexpectedResponseException when the headers do not fill their place exactly */
        fun read(bytes: ByteArray, start: Int, end: Int): AwsEventHeaders {
            val texts = HashMap<String, String>(4)
            var at = start
            while (at < end) {
                val nameLength = bytes[at].toInt() and 0xFF
                val name = at + 1
                val type = name + nameLength
                if (nameLength == 0 || type >= end) throw cutOff()
                val kind = bytes[type].toInt()
                val size: Int
                val value: Int
                if (kind == BYTES || kind == TEXT) {
                    if (type + 2 >= end) throw cutOff()
                    size = ((bytes[type + 1].toInt() and 0xFF) shl 8) or (bytes[type + 2].toInt() and 0xFF)
                    value = type + 1 + 2
                } else {
                    size = SIZES.getOrNull(kind) ?: throw AwsEventStreamReader.broken(
                        "protocol.frame",
                        "a header of a frame has the unknown type $kind",
                    )
                    value = type + 1
                }
                at = value + size
                if (at > end) throw cutOff()
                if (kind == TEXT && bytes[name] == ':'.code.toByte()) {
                    texts[String(bytes, name, nameLength, Charsets.UTF_8)] = String(bytes, value, size, Charsets.UTF_8)
                }
            }
            return AwsEventHeaders(texts)
        }

        private fun cutOff() =
            AwsEventStreamReader.broken("protocol.frame", "the headers of a frame do not fit into their place")
    }
}
