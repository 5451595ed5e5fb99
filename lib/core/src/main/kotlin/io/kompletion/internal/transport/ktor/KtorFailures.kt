package io.kompletion.internal.transport.ktor

import io.kompletion.error.ConnectionException
import io.kompletion.error.ConnectionException.Kind
import io.kompletion.transport.TransportFailures
import io.kompletion.transport.WireRequest
import io.ktor.client.network.sockets.ConnectTimeoutException
import kotlinx.coroutines.CancellationException

/**
 * Sorts what Ktor and its engines throw, which is far from always an `IOException`: cancellations of their own jobs,
 * `IllegalArgumentException` for bytes that are not TLS, types that are internal to an engine and known by name only.
 */
internal object KtorFailures {
    /** An [Error] of the runtime stays what it is. */
    fun of(request: WireRequest, cause: Throwable): Throwable {
        if (cause is Error) return cause
        val chain = generateSequence(cause) { it.cause }.take(MAX_CAUSES).toList()
        if (chain.any { it is ConnectTimeoutException }) return TransportFailures.connectTimeout(request, cause)
        for ((name, failure) in BY_NAME) {
            if (chain.any { it.javaClass.simpleName == name }) {
                return TransportFailures.connection(request, failure.kind, failure.what, cause, failure.retryable)
            }
        }
        val sorted = TransportFailures.of(request, cause)
        if (sorted !is ConnectionException || sorted.kind != Kind.OTHER || cause is ConnectionException) return sorted
        val known = when {
            chain.any { it is IllegalArgumentException && "TLS" in it.message.orEmpty() } -> NOT_TLS
            chain.any { it is CancellationException || it.javaClass.simpleName in CLOSED_CHANNEL } -> CLOSED
            else -> return sorted
        }
        return TransportFailures.connection(request, known.kind, known.what, cause)
    }

    private class Failure(val kind: Kind, val what: String, val retryable: Boolean? = null)

    private val CLOSED = Failure(Kind.RESET, "the connection was closed before the answer was complete")
    private val NOT_TLS = Failure(Kind.TLS, "the port does not speak TLS; check the scheme of the base URL")
    private val BY_NAME = mapOf(
        "FailToConnectException" to Failure(Kind.REFUSED, "nothing accepts connections there"),
        "ClientEngineClosedException" to Failure(Kind.OTHER, "the engine of the HTTP client is closed", false),
        "TooLongLineException" to Failure(Kind.OTHER, "a header line is longer than the engine takes", false),
    )
    private val CLOSED_CHANNEL = setOf(
        "ClosedByteChannelException",
        "ClosedReadChannelException",
        "ClosedWriteChannelException",
        "ClosedReceiveChannelException",
        "ClosedSendChannelException",
    )
    private const val MAX_CAUSES = 12
}
