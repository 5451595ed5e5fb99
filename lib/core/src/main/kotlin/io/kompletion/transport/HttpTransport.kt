package io.kompletion.transport

import io.kompletion.error.ConnectionException
import io.kompletion.error.TimeoutException

/**
 * Sends HTTP requests; the only thing between the library and the network.
 *
 * Contract, proven for each implementation by `TransportContract` of the testkit:
 * - [open] suspends until the response head is there and returns whatever the status is; it follows no redirect,
 *   retries nothing, and adds no header that changes the body (no compression is asked for).
 * - A failure to connect or to send is a [ConnectionException] with its kind, a connect clock that ran out a
 *   [TimeoutException] of kind `CONNECT`. Messages never contain a header value or the query of a URL.
 * - Cancelling the coroutine in [open] or in [WireResponse.read], or calling [WireResponse.close], closes the socket of
 *   an unfinished exchange at once; a finished exchange may leave its connection to the pool.
 * - At most 64 KiB are held beyond the buffers of the socket until [WireResponse.read] asks for more; where the protocol or
 *   the engine has a window of its own (HTTP/2, Ktor's channels), the implementation says how large it is.
 * - Safe for any number of concurrent calls, without a hidden limit per host.
 *
 * The clocks for the first chunk, idle time and total time stand above this interface, and so do completeness checks
 * and size limits; an implementation turns its own timeouts off, except for connecting.
 */
public interface HttpTransport : AutoCloseable {
    /** Short name for messages and listeners, e.g. `okhttp` or `ktor-cio`. */
    public val name: String

    /** Sends [request] and suspends until the head of the answer is there. */
    public suspend fun open(request: WireRequest): WireResponse

    /** Frees threads and pooled connections. Exchanges that still run are ended. Idempotent. */
    override fun close()
}

/**
 * Finds transports on the class path through `java.util.ServiceLoader`; the one with the highest [priority] is the
 * default of a client that names none.
 */
public interface HttpTransportFactory {
    /** The built-in Ktor transport has priority 0. */
    public val priority: Int

    /** A new transport with the given settings. No I/O happens here. */
    public fun create(settings: TransportSettings): HttpTransport
}
