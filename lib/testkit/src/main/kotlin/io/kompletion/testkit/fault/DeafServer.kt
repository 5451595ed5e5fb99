package io.kompletion.testkit.fault

import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket

/** Gives every connection one [answer] as soon as anything has come, whatever that is, and closes. */
internal class DeafServer(private val answer: ByteArray) : AutoCloseable {
    private val server = ServerSocket(0, BACKLOG, InetAddress.getByAddress(byteArrayOf(127, 0, 0, 1)))
    private val thread = Thread(::serve, "kompletion-testkit-${server.localPort}-deaf").apply {
        isDaemon = true
        start()
    }

    val port: Int get() = server.localPort

    override fun close() {
        server.close()
        thread.join()
    }

    private fun serve() {
        while (!server.isClosed) {
            try {
                server.accept().use(::reply)
            } catch (_: IOException) {
                // closed, or the client has gone
            }
        }
    }

    private fun reply(client: Socket) {
        client.soTimeout = PATIENCE_MILLIS
        client.getInputStream().read(ByteArray(GREETING_BYTES))
        client.getOutputStream().write(answer)
        client.shutdownOutput()
        client.getInputStream().readAllBytes()
    }

    companion object {
        private const val BACKLOG = 50
        private const val GREETING_BYTES = 4096
        private const val PATIENCE_MILLIS = 2_000

        /** TLS 1.0 and nothing newer: the fatal alert 70, as such servers answer clients that speak nothing older. */
        fun oldTls(): DeafServer = DeafServer(byteArrayOf(21, 3, 1, 0, 2, 2, 70))

        /** Plain HTTP. */
        fun plain(): DeafServer =
            DeafServer("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n".encodeToByteArray())
    }
}
