package io.kompletion.transport

import java.time.Duration

/**
 * One HTTP request, whole: method, absolute URL, headers and a repeatable body.
 *
 * @property url absolute `http` or `https` URL; credentials travel in headers only, so it may be logged without its
 *   query
 * @property body the bytes to send, or null for none; never changed by a transport
 * @property connectTimeout limit for name look-up, TCP and TLS together
 */
public class WireRequest @JvmOverloads constructor(
    public val method: String,
    public val url: String,
    public val headers: WireHeaders,
    public val body: ByteArray? = null,
    public val connectTimeout: Duration = DEFAULT_CONNECT_TIMEOUT,
) {
    override fun toString(): String = "WireRequest($method ${url.substringBefore('?')}, ${body?.size ?: 0} bytes)"

    public companion object {
        @JvmField
        public val DEFAULT_CONNECT_TIMEOUT: Duration = Duration.ofSeconds(10)
    }
}

/**
 * The head of an answer, and its body as a source of bytes that suspends until more has come.
 *
 * Not thread-safe: one coroutine reads. [close] may be called from anywhere, any number of times.
 */
public interface WireResponse : AutoCloseable {
    public val status: Int
    public val headers: WireHeaders

    /**
     * Suspends until at least one byte is there, copies up to [length] of them to [into] and returns how many; -1 at
     * the end of the body. Throws `ConnectionException` when the connection breaks.
     */
    public suspend fun read(into: ByteArray, offset: Int, length: Int): Int

    /** Ends the exchange; closes the connection unless the body was read to its end. */
    override fun close()
}
