package io.kompletion.internal.media

import io.kompletion.error.MediaFetchException.Kind
import io.kompletion.transport.WireHeaders
import java.io.InputStream

/** Status and headers of an answer in HTTP/1.1, and where its body ends. */
internal class MediaHead private constructor(val status: Int, val headers: WireHeaders) {
    /** The type that the server says, without parameters and in lower case; null when it says none. */
    val contentType: String?
        get() = headers["content-type"]?.substringBefore(';')?.trim()?.lowercase()?.ifEmpty { null }

    /** How many bytes will come, or null when they come in chunks. */
    val length: Long?
        get() {
            val text = headers["content-length"]?.trim() ?: return null
            return text.takeIf { it.length in 1..MOST_DIGITS && it.all { c -> c in '0'..'9' } }?.toLong()
                ?: throw broken("its Content-Length is no number")
        }

    /** The body behind the head. An answer that only ends with its connection could be cut off unseen, so it is refused. */
    fun body(input: InputStream): InputStream {
        val encoding = headers["content-encoding"]?.trim()?.lowercase()
        if (encoding != null && encoding != "identity") throw broken("it is compressed, which was not asked for")
        val transfer = headers["transfer-encoding"]?.trim()?.lowercase()
        val length = length
        return when {
            transfer == "chunked" && length == null -> ChunkedBody(input)
            transfer != null -> throw broken("it does not say clearly where it ends")
            length != null -> CountedBody(input, length)
            else -> throw broken("it does not say how long it is")
        }
    }

    companion object {
        private const val MOST_DIGITS = 18
        private const val MOST_HEAD_BYTES = 64 shl 10
        private const val MOST_INTERIM = 8

        /** Reads up to the body; answers on the way, such as 103, are passed over. */
        fun read(input: InputStream): MediaHead {
            val lines = Lines(input, MOST_HEAD_BYTES)
            repeat(MOST_INTERIM) {
                val head = one(lines)
                if (head.status >= 200) return head
            }
            throw broken("it does not begin")
        }

        private fun one(lines: Lines): MediaHead {
            val first = lines.next()
            val status = first.takeIf { it.startsWith("HTTP/1.") }?.split(' ')?.getOrNull(1)?.toIntOrNull()
            if (status == null || status !in 100..599) throw broken("it is none of HTTP/1.1")
            val headers = ArrayList<String>()
            while (true) {
                val line = lines.next()
                if (line.isEmpty()) return MediaHead(status, WireHeaders.received(headers))
                val colon = line.indexOf(':')
                if (colon <= 0 || line[0] <= ' ') throw broken("its head is garbled")
                headers += line.substring(0, colon)
                headers += line.substring(colon + 1).trim()
            }
        }

        internal fun broken(why: String) = FetchFailure(Kind.PROTOCOL, "the answer cannot be read: $why")
    }
}

/** Lines that end with LF or CR LF, at most [budget] bytes of them. */
internal class Lines(private val input: InputStream, private var budget: Int) {
    fun next(): String {
        val line = StringBuilder()
        while (true) {
            val byte = input.read()
            if (byte < 0) throw FetchFailure(Kind.CONNECTION, "the connection ended in the middle")
            if (--budget < 0) throw MediaHead.broken("its head is too long")
            if (byte == '\n'.code) return line.removeSuffix("\r").toString()
            line.append(byte.toChar())
        }
    }
}
