package io.kompletion.testkit.server

import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.time.Duration
import java.time.Instant
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import javax.net.ServerSocketFactory
import javax.net.ssl.SSLServerSocket

/**
 * A small HTTP/1.1 server on 127.0.0.1 and a free port that does to the byte what its [LoopbackReply] says, faults
 * included, and keeps a log of what its clients did.
 *
 * It reads whole requests (fixed length, chunked, `Expect: 100-continue`), keeps connections alive and answers the
 * requests of one connection in order. Each connection has two daemon threads, named `kompletion-testkit-<port>-…`. A
 * client that shuts its sending half down counts as one that has closed. [close] ends every thread and socket and opens
 * no gate. Thread-safe.
 */
public class LoopbackServer private constructor(setup: Builder, private val handler: LoopbackHandler) : AutoCloseable {
    private val socket: ServerSocket = setup.sockets.createServerSocket(0, BACKLOG, LOOPBACK)
    private val readBodies = setup.readBodies
    private val signal = Signal()
    private val connectionLog = ArrayList<LoopbackConnection>()
    private val requestLog = ArrayList<LoopbackRequest>()
    private val failureLog = CopyOnWriteArrayList<Throwable>()
    private val runners = CopyOnWriteArrayList<ConnectionRunner>()
    private val acceptor = Thread(::accept, "kompletion-testkit-${socket.localPort}-accept").apply { isDaemon = true }

    /** The port on 127.0.0.1. */
    public val port: Int get() = socket.localPort

    /** `http://127.0.0.1:` and the port, `https` when the sockets speak TLS; no slash at the end. */
    public val url: String get() = "${if (socket is SSLServerSocket) "https" else "http"}://127.0.0.1:$port"

    /** Every connection accepted so far, open or not, in order. */
    public val connections: List<LoopbackConnection> get() = signal.read { connectionLog.toList() }

    /** Every request read so far, in the order they were complete. */
    public val requests: List<LoopbackRequest> get() = signal.read { requestLog.toList() }

    /** How many connections were accepted. */
    public val connectionCount: Int get() = signal.read { connectionLog.size }

    /** How many requests were read. */
    public val requestCount: Int get() = signal.read { requestLog.size }

    /** How many connections the clients have not ended yet. */
    public val openConnectionCount: Int get() = signal.read { connectionLog.count { it.isOpen } }

    /** Exceptions of the handler, requests that were not HTTP, and failures of TLS such as a refused certificate. */
    public val failures: List<Throwable> get() = failureLog.toList()

    internal val isOpen: Boolean get() = !socket.isClosed

    /**
     * Waits until [count] requests have been read, and gives all that have.
     *
     * @throws AssertionError when there are fewer after [timeout]
     */
    @JvmOverloads
    @Throws(InterruptedException::class)
    public fun awaitRequests(count: Int, timeout: Duration = Signal.DEFAULT_TIMEOUT): List<LoopbackRequest> {
        signal.await(timeout, { "$requestCount requests within $timeout, expected $count" }) { requestCount >= count }
        return requests
    }

    /**
     * Waits until [count] connections have been accepted, and gives all that have.
     *
     * @throws AssertionError when there are fewer after [timeout]
     */
    @JvmOverloads
    @Throws(InterruptedException::class)
    public fun awaitConnections(count: Int, timeout: Duration = Signal.DEFAULT_TIMEOUT): List<LoopbackConnection> {
        signal.await(timeout, { "$connectionCount connections within $timeout, expected $count" }) {
            connectionCount >= count
        }
        return connections
    }

    /**
     * Waits until the clients have closed every connection: the check that nothing leaked.
     *
     * @throws AssertionError when one is open after [timeout]; the message lists them
     */
    @JvmOverloads
    @Throws(InterruptedException::class)
    public fun awaitNoOpenConnections(timeout: Duration = Signal.DEFAULT_TIMEOUT) {
        signal.await(timeout, { "Open after $timeout: ${connectionLog.filter { it.isOpen }}" }) {
            openConnectionCount == 0
        }
    }

    /**
     * Closes every socket and waits for every thread to end. Calling it again does nothing.
     *
     * @throws IllegalStateException when a thread does not end, which takes a handler that ignores interrupts
     */
    override fun close() {
        socket.close()
        acceptor.interrupt()
        if (acceptor !== Thread.currentThread()) acceptor.join(JOIN_MILLIS)
        runners.forEach { it.close() }
        val deadline = System.nanoTime() + Duration.ofMillis(JOIN_MILLIS).toNanos()
        val alive = runners.flatMap { it.join(Duration.ofNanos(deadline - System.nanoTime()).toMillis()) }
        check(alive.isEmpty()) { "Still running after the server was closed: ${alive.map { it.name }}" }
    }

    override fun toString(): String = "LoopbackServer($url)"

    internal fun received(connection: LoopbackConnection, request: LoopbackRequest) {
        signal.change {
            connection.log += request
            requestLog += request
        }
    }

    internal fun failed(failure: Throwable) {
        failureLog += failure
    }

    internal fun answer(request: LoopbackRequest): LoopbackReply = try {
        handler.handle(request)
    } catch (e: InterruptedException) {
        throw e
    } catch (e: Exception) {
        failed(e)
        LoopbackReply.fixed(500, "text/plain", "The handler failed: $e")
    } catch (e: AssertionError) {
        failed(e)
        LoopbackReply.fixed(500, "text/plain", "The handler failed: $e")
    }

    private fun accept() {
        while (isOpen) {
            try {
                serve(socket.accept())
            } catch (e: IOException) {
                if (isOpen) failed(e)
            }
        }
    }

    private fun serve(client: Socket) {
        client.tcpNoDelay = true
        val connection = LoopbackConnection(connectionCount, Instant.now(), System.nanoTime(), signal)
        val name = "kompletion-testkit-$port-${connection.id}"
        val runner = ConnectionRunner(client, connection, this, readBodies, name)
        runners.removeIf { it.isDone }
        runners += runner
        signal.change { connectionLog += connection }
        runner.start()
    }

    /** What a server may be told before it starts. Not thread-safe. */
    public class Builder internal constructor() {
        internal var sockets: ServerSocketFactory = ServerSocketFactory.getDefault()
        internal var readBodies = true

        /** Where the listening socket comes from: an `SSLServerSocketFactory` makes the server speak TLS. */
        public fun sockets(factory: ServerSocketFactory): Builder = apply { sockets = factory }

        /**
         * Answers as soon as the head of a request is there and leaves the body unread in the socket, as a server does
         * that refuses an upload. Requests then have no body, and a connection takes one request only.
         */
        public fun answerBeforeBody(): Builder = apply { readBodies = false }

        /** Starts a server that asks [handler] about every request. */
        public fun start(handler: LoopbackHandler): LoopbackServer =
            LoopbackServer(this, handler).also { it.acceptor.start() }

        /**
         * Starts a server that gives its requests these [replies] in turn; the last one serves all further requests.
         */
        public fun start(vararg replies: LoopbackReply): LoopbackServer {
            require(replies.isNotEmpty()) { "A server needs at least one reply" }
            val next = AtomicInteger()
            return start { replies[minOf(next.getAndIncrement(), replies.lastIndex)] }
        }
    }

    public companion object {
        private const val BACKLOG = 1024
        private const val JOIN_MILLIS = 5_000L
        private val LOOPBACK: InetAddress = InetAddress.getByAddress(byteArrayOf(127, 0, 0, 1))

        /** A builder with the defaults: plain sockets, bodies read. */
        @JvmStatic
        public fun builder(): Builder = Builder()

        /** Starts a server that asks [handler] about every request. */
        @JvmStatic
        public fun start(handler: LoopbackHandler): LoopbackServer = Builder().start(handler)

        /**
         * Starts a server that gives its requests these [replies] in turn; the last one serves all further requests.
         */
        @JvmStatic
        public fun start(vararg replies: LoopbackReply): LoopbackServer = Builder().start(*replies)
    }
}
