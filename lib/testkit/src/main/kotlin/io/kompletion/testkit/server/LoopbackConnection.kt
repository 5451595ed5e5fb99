package io.kompletion.testkit.server

import java.time.Duration
import java.time.Instant
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicLong

/** How one side ended a connection. */
public enum class CloseKind {
    /** In order. */
    FIN,

    /** By a reset. */
    RST,

    /** By another failure, such as a TLS alert. */
    FAILURE,
}

/**
 * The end of one side of a connection.
 *
 * @property kind how it ended
 * @property nanoTime [System.nanoTime] when the server saw or did it
 */
public class CloseEvent internal constructor(public val kind: CloseKind, public val nanoTime: Long) {
    override fun toString(): String = kind.name
}

/**
 * The log of one accepted connection; it goes on being written while the connection lives. Thread-safe to read.
 *
 * @property id counts connections from 0 in the order they were accepted
 * @property acceptedAt wall-clock time of the accept
 * @property acceptedNanoTime [System.nanoTime] of the accept
 */
public class LoopbackConnection internal constructor(
    public val id: Int,
    public val acceptedAt: Instant,
    public val acceptedNanoTime: Long,
    private val signal: Signal,
) {
    internal val log = CopyOnWriteArrayList<LoopbackRequest>()
    internal val sent = AtomicLong()
    internal val received = AtomicLong()

    /** The requests read from this connection so far. */
    public val requests: List<LoopbackRequest> get() = log.toList()

    /** Bytes the kernel took from the server so far. */
    public val bytesSent: Long get() = sent.get()

    /** Bytes the server took from the kernel so far. */
    public val bytesReceived: Long get() = received.get()

    /** How and when the client ended its side; null while it has not, or when the server reset first. */
    @Volatile
    public var clientClose: CloseEvent? = null
        private set

    /** How and when the server ended its side; null while it has not. */
    @Volatile
    public var serverClose: CloseEvent? = null
        private set

    /** False once the server has nothing to do with the connection any more. */
    @Volatile
    public var isOpen: Boolean = true
        private set

    /**
     * Waits until the client has ended its side, and says how.
     *
     * @throws AssertionError when it has not within [timeout], or when the server ended the connection alone
     */
    @JvmOverloads
    @Throws(InterruptedException::class)
    public fun awaitClientClose(timeout: Duration = Signal.DEFAULT_TIMEOUT): CloseEvent {
        signal.await(timeout, { "The client did not close $this within $timeout" }) { clientClose != null || !isOpen }
        return clientClose ?: throw AssertionError("The server ended $this before the client did")
    }

    internal fun closedByClient(kind: CloseKind) {
        signal.change { if (clientClose == null) clientClose = CloseEvent(kind, System.nanoTime()) }
    }

    internal fun closedByServer(kind: CloseKind) {
        signal.change { if (serverClose == null) serverClose = CloseEvent(kind, System.nanoTime()) }
    }

    internal fun finished() {
        signal.change { isOpen = false }
    }

    override fun toString(): String =
        "connection $id (${log.size} requests, $bytesSent bytes sent, client ${clientClose ?: "open"}, " +
            "server ${serverClose ?: "open"})"
}
