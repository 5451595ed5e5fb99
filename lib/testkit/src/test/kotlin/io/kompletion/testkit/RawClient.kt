package io.kompletion.testkit

import io.kompletion.testkit.server.LoopbackServer
import java.net.InetAddress
import java.net.Socket

/** A client that sees every byte. */
class RawClient(server: LoopbackServer) : AutoCloseable {
    val socket = Socket(InetAddress.getByAddress(byteArrayOf(127, 0, 0, 1)), server.port).apply { soTimeout = 10_000 }

    fun send(text: String) {
        socket.getOutputStream().write(text.encodeToByteArray())
        socket.getOutputStream().flush()
    }

    /** Exactly [count] bytes as text. */
    fun read(count: Int): String = socket.getInputStream().readNBytes(count).decodeToString()

    /** What a single read gives. */
    fun readSome(): ByteArray {
        val buffer = ByteArray(1 shl 16)
        val count = socket.getInputStream().read(buffer)
        return buffer.copyOf(maxOf(count, 0))
    }

    fun readToEnd(): String = socket.getInputStream().readAllBytes().decodeToString()

    fun reset() {
        socket.setSoLinger(true, 0)
        socket.close()
    }

    override fun close() {
        socket.close()
    }

    companion object {
        const val GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    }
}
