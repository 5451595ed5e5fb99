package io.kompletion.okhttp

import io.kompletion.error.ConnectionException.Kind
import io.kompletion.error.KompletionException
import io.kompletion.transport.TransportFailures
import io.kompletion.transport.WireRequest
import java.io.InterruptedIOException
import java.net.ProtocolException
import java.net.SocketException
import java.net.UnknownServiceException

/** Sorts OkHttp's exceptions; what they share with every other engine is sorted by [TransportFailures]. */
internal object OkHttpFailures {
    fun of(request: WireRequest, cause: Throwable, isConnecting: Boolean): KompletionException {
        val text = cause.message.orEmpty()
        return when {
            cause is KompletionException -> cause

            isConnecting && cause is InterruptedIOException -> TransportFailures.connectTimeout(request, cause)

            isConnecting && isProxyRefusal(cause, text) ->
                TransportFailures.connection(request, Kind.PROXY, "the proxy refused the connection", cause)

            cause is UnknownServiceException ->
                TransportFailures.connection(request, Kind.OTHER, "plain http is not allowed here", cause, false)

            isTruncation(cause, text) -> reset(request, cause)

            cause is ProtocolException ->
                TransportFailures.connection(request, Kind.OTHER, "the answer is not valid HTTP", cause)

            else -> TransportFailures.of(request, cause)
        }
    }

    private fun reset(request: WireRequest, cause: Throwable) = TransportFailures.connection(
        request,
        Kind.RESET,
        "the connection was closed before the answer was complete",
        cause,
    )

    /** OkHttp and the JDK's SOCKS client have no types of their own for these. */
    private fun isProxyRefusal(cause: Throwable, text: String) =
        text.startsWith("Unexpected response code for CONNECT") ||
            text.startsWith("Failed to authenticate with proxy") ||
            text.startsWith("Too many tunnel connections") ||
            (cause is SocketException && "SOCKS" in text)

    private fun isTruncation(cause: Throwable, text: String) = text.startsWith("unexpected end of stream") ||
        cause.javaClass.simpleName == "StreamResetException" ||
        cause.javaClass.simpleName == "ConnectionShutdownException"
}
