package io.kompletion.testkit.fault

import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket

/** A port of 127.0.0.1 that nobody can talk to, held until [close] so that no other server gets it. */
internal class DeadPort private constructor(val port: Int, private val held: List<AutoCloseable>) : AutoCloseable {
    override fun close() = held.forEach { it.close() }

    companion object {
        private const val CONNECT_MILLIS = 100
        private const val MOST_SOCKETS = 20
        private val LOOPBACK: InetAddress = InetAddress.getByAddress(byteArrayOf(127, 0, 0, 1))

        /** Connecting is refused: the port is bound and nobody listens. */
        fun refusing(): DeadPort {
            val bound = Socket().apply { bind(InetSocketAddress(LOOPBACK, 0)) }
            return DeadPort(bound.localPort, listOf(bound))
        }

        /** Connecting hangs: the queue of the port is full and nobody accepts. */
        fun full(): DeadPort {
            val server = ServerSocket(0, 1, LOOPBACK)
            val queue = generateSequence { waiting(server) }.take(MOST_SOCKETS).toList()
            return DeadPort(server.localPort, queue + server)
        }

        private fun waiting(server: ServerSocket): Socket? {
            val socket = Socket()
            return try {
                socket.apply { connect(server.localSocketAddress, CONNECT_MILLIS) }
            } catch (_: IOException) {
                socket.close()
                null
            }
        }
    }
}
