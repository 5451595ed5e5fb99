package io.kompletion.testkit.server

import java.util.concurrent.atomic.AtomicLong

/**
 * One request as a [LoopbackServer] read it, and what became of it.
 *
 * @property method the method of the request line
 * @property target the request target exactly as it came, query and escapes included
 * @property version `HTTP/1.1` or `HTTP/1.0`
 * @property headerLines the head's lines as they came, without the request line
 * @property body the body after the transfer coding was taken off; empty when there was none or it was not read
 * @property connectionId which [LoopbackConnection] it came on
 * @property receivedNanoTime [System.nanoTime] at the moment the request was complete
 */
public class LoopbackRequest internal constructor(
    public val method: String,
    public val target: String,
    public val version: String,
    public val headerLines: List<String>,
    public val body: ByteArray,
    public val connectionId: Int,
    public val receivedNanoTime: Long,
) {
    internal val sent = AtomicLong()

    /** Bytes of the answer, head included, that the kernel has taken so far. */
    public val bytesSent: Long get() = sent.get()

    /** True once the answer's script ran to its end; false when the client left before. */
    @Volatile
    public var isAnswered: Boolean = false
        internal set

    /** [target] without its query. */
    public val path: String get() = target.substringBefore('?')

    /** The query without the question mark; empty when there is none. */
    public val query: String get() = target.substringAfter('?', "")

    /** [body] read as UTF-8. */
    public val bodyText: String get() = body.decodeToString()

    /** The first value of the header [name], compared without case, or null. */
    public fun header(name: String): String? = headers(name).firstOrNull()

    /** Every value of the header [name] in order. */
    public fun headers(name: String): List<String> = headerLines
        .filter { it.substringBefore(':').trim().equals(name, ignoreCase = true) }
        .map { it.substringAfter(':', "").trim() }

    /** True when the client wants this to be the last request of its connection. */
    internal val closesConnection: Boolean
        get() = header("connection").let { value ->
            if (version == "HTTP/1.0") !value.equals("keep-alive", true) else value.equals("close", true)
        }

    override fun toString(): String = "LoopbackRequest($method $path, ${body.size} bytes)"
}
