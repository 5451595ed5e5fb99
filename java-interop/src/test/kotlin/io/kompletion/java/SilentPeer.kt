package io.kompletion.java

import java.io.File
import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/** Accepts connections, reads what comes and answers nothing. */
internal class SilentPeer : AutoCloseable {
    private val socket = ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())
    private val connections = CopyOnWriteArrayList<Connection>()
    val port: Int get() = socket.localPort
    val accepted: Int get() = connections.size

    init {
        thread(isDaemon = true, name = "silent-peer") {
            try {
                while (true) connections += Connection(socket.accept())
            } catch (_: IOException) {
                // Closed.
            }
        }
    }

    /** The connection that follows the first [before], once something was read from it. */
    fun awaitConnection(before: Int): Connection {
        val deadline = System.nanoTime() + LIMIT_NANOS
        while (connections.size <= before) {
            check(System.nanoTime() < deadline) { "nobody connected" }
            Thread.sleep(0, POLL_NANOS)
        }
        return connections[before].also { it.begun.get(LIMIT_SECONDS, TimeUnit.SECONDS) }
    }

    override fun close() = socket.close()

    class Connection(socket: Socket) {
        val begun = CompletableFuture<Unit>()
        private val end = CompletableFuture<Long>()
        var givenUp = 0L

        init {
            thread(isDaemon = true, name = "silent-peer-connection") {
                try {
                    val input = socket.getInputStream()
                    while (input.read() >= 0) begun.complete(Unit)
                } catch (_: IOException) {
                    // Reset.
                }
                end.complete(System.nanoTime())
                socket.close()
            }
        }

        /** When the client ended the connection, by `System.nanoTime()`. */
        fun awaitEnd(): Long = end.get(LIMIT_SECONDS, TimeUnit.SECONDS)
    }

    private companion object {
        const val BACKLOG = 1024
        const val LIMIT_SECONDS = 10L
        const val LIMIT_NANOS = LIMIT_SECONDS * 1_000_000_000
        const val POLL_NANOS = 100_000
    }
}

/** A listening port whose queue is full: whoever connects waits for an answer that does not come. Linux only. */
internal class FullBacklog : AutoCloseable {
    private val socket = ServerSocket(0, 1, InetAddress.getLoopbackAddress())
    private val fillers = ArrayList<Socket>()
    val port: Int get() = socket.localPort

    init {
        try {
            repeat(MOST_FILLERS) {
                fillers += Socket().apply { connect(socket.localSocketAddress, FILL_MILLIS) }
            }
            error("the queue does not fill up")
        } catch (_: java.net.SocketTimeoutException) {
            // Full.
        }
    }

    /** Waits until the kernel has a connection to the port under way, or has none any more. */
    fun awaitConnecting(expected: Boolean) {
        val deadline = System.nanoTime() + LIMIT_NANOS
        while (isConnecting() != expected) {
            check(System.nanoTime() < deadline) { "connecting is not $expected" }
            Thread.sleep(0, POLL_NANOS)
        }
    }

    /** State 02 is SYN_SENT; addresses are in hexadecimal. */
    private fun isConnecting(): Boolean {
        val peer = ":%04X".format(port)
        return TABLES.filter { it.exists() }.flatMap { it.readLines() }.any { line ->
            val fields = line.trim().split(SPACES)
            fields.size > STATE && fields[PEER].endsWith(peer) && fields[STATE] == "02"
        }
    }

    override fun close() {
        fillers.forEach { it.close() }
        socket.close()
    }

    private companion object {
        val TABLES = listOf(File("/proc/net/tcp"), File("/proc/net/tcp6"))
        val SPACES = Regex(" +")
        const val PEER = 2
        const val STATE = 3
        const val MOST_FILLERS = 20
        const val FILL_MILLIS = 300
        const val LIMIT_NANOS = 10_000_000_000L
        const val POLL_NANOS = 100_000
    }
}
