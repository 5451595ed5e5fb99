package io.kompletion.testkit.server

import java.io.ByteArrayOutputStream
import java.io.EOFException
import java.io.IOException
import java.io.InputStream

/** The client sent something that is not HTTP/1.1. */
internal class MalformedRequestException(message: String) : IOException(message)

/** Reads requests off one connection, head, body and trailers, one after the other. */
internal class RequestReader(
    private val input: InputStream,
    private val connectionId: Int,
    private val readBodies: Boolean,
    private val sendContinue: () -> Unit,
) {
    /** The next request, or null when the client closed between two requests. */
    fun next(): LoopbackRequest? {
        val requestLine = readLine(true)?.ifEmpty { readLine(true) } ?: return null
        val (method, target, version) = requestLine.split(' ').takeIf { it.size == 3 }
            ?: throw MalformedRequestException("Not a request line: \"${requestLine.take(80)}\"")
        val headers = generateSequence { requireLine().ifEmpty { null } }.toList()
        val head = LoopbackRequest(method, target, version, headers, ByteArray(0), connectionId, System.nanoTime())
        if (!readBodies) return head
        val body = readBody(head)
        return LoopbackRequest(method, target, version, headers, body, connectionId, System.nanoTime())
    }

    private fun readBody(head: LoopbackRequest): ByteArray {
        val chunked = head.header("transfer-encoding").equals("chunked", ignoreCase = true)
        val length = head.header("content-length")?.let { value ->
            value.toIntOrNull()?.takeIf { it >= 0 } ?: throw MalformedRequestException("Content-Length is \"$value\"")
        }
        if (!chunked && length == null) return ByteArray(0)
        if (head.header("expect").equals("100-continue", ignoreCase = true)) sendContinue()
        return if (chunked) readChunks() else readExactly(length ?: 0)
    }

    private fun readChunks(): ByteArray {
        val body = ByteArrayOutputStream()
        while (true) {
            val line = requireLine()
            val size = line.substringBefore(';').trim().toIntOrNull(RADIX_OF_CHUNK_SIZE)
                ?: throw MalformedRequestException("Not a chunk size: \"${line.take(80)}\"")
            if (size == 0) break
            body.write(readExactly(size))
            if (requireLine().isNotEmpty()) throw MalformedRequestException("A chunk is longer than its size of $size")
        }
        do {
            val trailer = requireLine()
        } while (trailer.isNotEmpty())
        return body.toByteArray()
    }

    private fun readExactly(length: Int): ByteArray {
        val bytes = input.readNBytes(length)
        if (bytes.size <
            length
        ) {
            throw EOFException("The client closed after ${bytes.size} of $length bytes of the body")
        }
        return bytes
    }

    private fun requireLine(): String = readLine(false) ?: throw EOFException("The client closed inside a request")

    private fun readLine(mayEnd: Boolean): String? {
        val line = StringBuilder()
        while (true) {
            val byte = input.read()
            when {
                byte < 0 && line.isEmpty() && mayEnd -> return null
                byte < 0 -> throw EOFException("The client closed inside a request")
                byte == '\n'.code -> return line.removeSuffix("\r").toString()
                line.length > MAX_LINE -> throw MalformedRequestException("A line of the head is over $MAX_LINE bytes")
                else -> line.append(byte.toChar())
            }
        }
    }

    private companion object {
        const val MAX_LINE = 1 shl 20
        const val RADIX_OF_CHUNK_SIZE = 16
    }
}
