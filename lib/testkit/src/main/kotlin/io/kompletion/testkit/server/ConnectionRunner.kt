package io.kompletion.testkit.server

import java.io.IOException
import java.net.Socket
import java.net.SocketException

/**
 * The two daemon threads of a connection: one runs the scripts, the other does nothing but read, and so sees the client
 * close while a script waits.
 */
internal class ConnectionRunner(
    private val socket: Socket,
    private val connection: LoopbackConnection,
    private val server: LoopbackServer,
    private val readBodies: Boolean,
    threadName: String,
) {
    private val inbox = Inbox(INBOX_BYTES)
    private val script = Thread(::serve, "$threadName-script").apply { isDaemon = true }
    private val reader = Thread(::receive, "$threadName-reader").apply { isDaemon = true }

    fun start() {
        reader.start()
        script.start()
    }

    /** Ends both threads; [join] waits for them. */
    fun close() {
        connection.closedByServer(CloseKind.FIN)
        closeSocket()
        script.interrupt()
    }

    val isDone: Boolean get() = !script.isAlive && !reader.isAlive

    /** The threads still alive after [millis]; never the calling one. */
    fun join(millis: Long): List<Thread> = listOf(script, reader).filter { it !== Thread.currentThread() }
        .onEach { it.join(millis.coerceAtLeast(1)) }
        .filter { it.isAlive }

    private fun receive() {
        val buffer = ByteArray(READ_BYTES)
        try {
            val input = socket.getInputStream()
            while (true) {
                val count = input.read(buffer)
                if (count < 0) break
                connection.received.addAndGet(count.toLong())
                inbox.put(buffer, count)
            }
            ended(CloseKind.FIN)
        } catch (e: SocketException) {
            ended(CloseKind.RST)
        } catch (e: IOException) {
            // the JDK's TLS socket closes itself on a fatal alert, so isClosed does not tell who ended it
            if (connection.serverClose == null) server.failed(e)
            ended(CloseKind.FAILURE)
        }
        inbox.end()
        // a script may be waiting for a gate or a delay; nobody is there any more to answer
        script.interrupt()
    }

    private fun ended(kind: CloseKind) {
        val endedHere = connection.serverClose != null && socket.isClosed
        if (kind == CloseKind.FIN || !endedHere) connection.closedByClient(kind)
    }

    private fun serve() {
        try {
            answerAll(ScriptRunner(socket, inbox, connection))
        } catch (e: IOException) {
            // the client or the server closed; the connection's log says which
        } catch (e: InterruptedException) {
            // likewise, while the script waited
        } finally {
            closeSocket()
            // the reader sees its own end of the socket; only then is the log complete
            inbox.discard()
            joinReader()
            connection.finished()
        }
    }

    private fun answerAll(runner: ScriptRunner) {
        val requests = RequestReader(inbox, connection.id, readBodies) { runner.run(CONTINUE, null) }
        while (true) {
            val request = try {
                requests.next() ?: return
            } catch (e: MalformedRequestException) {
                server.failed(e)
                runner.run(BAD_REQUEST, null)
                return
            }
            server.received(connection, request)
            val keepsOpen = runner.run(server.answer(request).steps, request)
            request.isAnswered = true
            if (!keepsOpen) return
            if (request.closesConnection || !readBodies) return runner.fin()
        }
    }

    private fun joinReader() {
        Thread.interrupted()
        try {
            reader.join()
        } catch (e: InterruptedException) {
            // the server is closing: it waits for the reader itself
        }
    }

    private fun closeSocket() {
        if (connection.serverClose == null && connection.clientClose == null) connection.closedByServer(CloseKind.FIN)
        try {
            socket.close()
        } catch (e: IOException) {
            // gone already
        }
    }

    private companion object {
        const val INBOX_BYTES = 1 shl 16
        const val READ_BYTES = 1 shl 13
        val CONTINUE = listOf(Step.Send("HTTP/1.1 100 Continue\r\n\r\n".encodeToByteArray()))
        val BAD_REQUEST = LoopbackReply.fixed(400, "text/plain", "not HTTP/1.1", "connection: close").steps + Step.Fin
    }
}
