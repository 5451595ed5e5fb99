package io.kompletion.internal.media

import io.kompletion.error.MediaFetchException.Kind
import java.io.BufferedInputStream
import java.io.ByteArrayOutputStream
import java.io.Closeable
import java.io.IOException
import java.io.InputStream
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.Proxy
import java.net.Socket
import javax.net.ssl.SSLSocket
import javax.net.ssl.SSLSocketFactory

/** What a server answered, its body whole. */
internal class MediaAnswer(val head: MediaHead, val bytes: ByteArray)

/**
 * One `GET` over one connection of its own, to an address that was checked before. The transports look names up by
 * themselves, and could be led elsewhere by a name that changes; so this has a socket of its own, and blocks.
 *
 * [close] ends it from any thread: what waits then fails with an `IOException`.
 *
 * @property mayTake is told the size of each piece of the body before it is kept; throws when it is too much
 */
internal class MediaExchange(
    private val address: FetchAddress,
    private val sockets: () -> SSLSocketFactory,
    private val maxBytes: Int,
    private val mayTake: (Int) -> Unit,
) : Closeable {
    private var socket: Socket? = null
    private var isClosed = false

    /** Connects to the first of [resolved] that answers, and reads the whole answer when it is one. */
    fun run(resolved: List<InetAddress>): MediaAnswer = use {
        val connected = secured(connect(resolved))
        connected.getOutputStream().run {
            write(request().encodeToByteArray())
            flush()
        }
        val input = BufferedInputStream(connected.getInputStream())
        val head = MediaHead.read(input)
        MediaAnswer(head, if (head.status == OK) body(head, head.body(input)) else ByteArray(0))
    }

    private fun request() = "GET ${address.target} HTTP/1.1\r\nHost: ${address.authority}\r\nAccept: */*\r\n" +
        "Accept-Encoding: identity\r\nUser-Agent: Kompletion\r\nConnection: close\r\n\r\n"

    private fun connect(resolved: List<InetAddress>): Socket {
        var failure: IOException? = null
        for (ip in resolved) {
            val plain = opened()
            try {
                plain.connect(InetSocketAddress(ip, address.port), CONNECT_MILLIS)
                return plain
            } catch (e: IOException) {
                failure?.let(e::addSuppressed)
                failure = e
                plain.close()
            }
        }
        throw failure ?: IOException("no address")
    }

    /** Without a proxy, also where the JVM has one for sockets: it would look the name up by itself. */
    private fun opened(): Socket = synchronized(this) {
        if (isClosed) throw IOException("closed")
        Socket(Proxy.NO_PROXY).also { socket = it }
    }

    private fun secured(plain: Socket): Socket {
        if (!address.isSecure) return plain
        val secure = sockets().createSocket(plain, address.host, address.port, true) as SSLSocket
        secure.sslParameters = secure.sslParameters.apply { endpointIdentificationAlgorithm = "HTTPS" }
        secure.startHandshake()
        return secure
    }

    private fun body(head: MediaHead, input: InputStream): ByteArray {
        checkSize(head.length ?: 0)
        val out = ByteArrayOutputStream()
        val buffer = ByteArray(BUFFER_BYTES)
        while (true) {
            val count = input.read(buffer)
            if (count < 0) break
            checkSize(out.size().toLong() + count)
            mayTake(count)
            out.write(buffer, 0, count)
        }
        if (out.size() == 0) throw FetchFailure(Kind.PROTOCOL, "the answer is empty")
        return out.toByteArray()
    }

    private fun checkSize(bytes: Long) {
        if (bytes > maxBytes) throw FetchFailure(Kind.TOO_LARGE, "it is larger than $maxBytes bytes")
    }

    /** The socket beneath TLS, whose own `close` may wait for a thread that reads. */
    override fun close() {
        synchronized(this) {
            isClosed = true
            socket?.close()
        }
    }

    private companion object {
        const val OK = 200
        const val CONNECT_MILLIS = 10_000
        const val BUFFER_BYTES = 16 shl 10
    }
}
