package io.kompletion.okhttp

import java.io.IOException
import java.net.InetAddress
import java.net.Socket
import java.net.SocketTimeoutException
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel
import javax.net.SocketFactory

/**
 * Sockets on channels, because a channel can say without waiting whether the peer has closed. Not used on Android, whose
 * TLS sockets want the platform's own.
 */
internal object PeekableSockets : SocketFactory() {
    val isSupported: Boolean = System.getProperty("java.vendor")?.contains("Android") != true

    override fun createSocket(): Socket = SocketChannel.open().socket()

    override fun createSocket(host: String, port: Int): Socket = getDefault().createSocket(host, port)

    override fun createSocket(host: InetAddress, port: Int): Socket = getDefault().createSocket(host, port)

    override fun createSocket(host: String, port: Int, localAddress: InetAddress, localPort: Int): Socket =
        getDefault().createSocket(host, port, localAddress, localPort)

    override fun createSocket(host: InetAddress, port: Int, localAddress: InetAddress, localPort: Int): Socket =
        getDefault().createSocket(host, port, localAddress, localPort)

    /**
     * Whether the peer of the idle connection [socket] has closed it, or sent something nobody asked for, which in HTTP/1.1
     * is a 408 or a TLS alert before closing. What was read is lost: a stale connection is not used again.
     */
    fun isStale(socket: Socket): Boolean = try {
        val channel = socket.channel
        if (channel != null) peek(channel) != 0 else poll(socket)
    } catch (_: IOException) {
        true
    }

    private fun peek(channel: SocketChannel): Int {
        channel.configureBlocking(false)
        try {
            return channel.read(ByteBuffer.allocate(1))
        } finally {
            channel.configureBlocking(true)
        }
    }

    /** The shortest wait a plain socket knows. */
    private fun poll(socket: Socket): Boolean {
        val timeout = socket.soTimeout
        socket.soTimeout = 1
        try {
            socket.getInputStream().read()
            return true
        } catch (_: SocketTimeoutException) {
            return false
        } finally {
            socket.soTimeout = timeout
        }
    }
}
