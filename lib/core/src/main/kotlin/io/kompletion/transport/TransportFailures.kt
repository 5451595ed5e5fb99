package io.kompletion.transport

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ConnectionException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.TimeoutException
import java.io.EOFException
import java.net.ConnectException
import java.net.NoRouteToHostException
import java.net.SocketException
import java.net.UnknownHostException
import java.nio.channels.ClosedChannelException
import java.nio.channels.UnresolvedAddressException
import java.security.GeneralSecurityException
import javax.net.ssl.SSLException

/**
 * Builds the exceptions of an [HttpTransport], so that every transport words and sorts its failures alike.
 *
 * The messages name the host and the class of the engine's exception and nothing else of the request. The engine's
 * exception becomes the cause only when no text in its chain holds a header value or the query of the URL.
 */
public object TransportFailures {
    /** The host of [request] with its port where the URL names one, for messages. */
    @JvmStatic
    public fun hostOf(request: WireRequest): String =
        request.url.substringAfter("://").substringBefore('/').substringBefore('?').substringBefore('#')
            .substringAfterLast('@')

    /** The URL of [request] is not absolute, not `http` or `https`, or has no host. */
    @JvmStatic
    public fun unusableUrl(request: WireRequest): ConfigurationException {
        val shown = ErrorDetails.printable(request.url.substringBefore('?').substringAfterLast('@'), MAX_URL_CHARS)
        return ConfigurationException(
            "Cannot send to \"$shown\": not an absolute http or https URL; check the base URL of the provider",
        )
    }

    /** The connection could not be made, or broke, for [what] reason. */
    @JvmStatic
    @JvmOverloads
    public fun connection(
        request: WireRequest,
        kind: ConnectionException.Kind,
        what: String,
        cause: Throwable? = null,
        retryable: Boolean? = null,
    ): ConnectionException {
        val engine = cause?.let { " (${it.javaClass.simpleName})" } ?: ""
        val details = ErrorDetails.builder().retryable(retryable).build()
        return ConnectionException("${hostOf(request)}: $what$engine", kind, details, presentable(request, cause))
    }

    /** No connection within [WireRequest.connectTimeout]. */
    @JvmStatic
    @JvmOverloads
    public fun connectTimeout(request: WireRequest, cause: Throwable? = null): TimeoutException {
        val limit = request.connectTimeout.toMillis()
        val message = "${hostOf(
            request,
        )}: no connection within $limit ms; check the network or raise the connect timeout"
        return TimeoutException(message, TimeoutException.Kind.CONNECT, cause = presentable(request, cause))
    }

    /** The transport was closed before or while [request] ran. */
    @JvmStatic
    public fun closed(request: WireRequest): ConnectionException =
        connection(request, ConnectionException.Kind.CLIENT_CLOSED, "the client was closed while the call ran")

    /** Sorts [cause] and its own causes by the JDK's exception types; [ConnectionException.Kind.OTHER] when none fits. */
    @JvmStatic
    public fun of(request: WireRequest, cause: Throwable): KompletionException {
        val chain = causes(cause)
        chain.firstOrNull { it is KompletionException }?.let { return it as KompletionException }
        for (failure in chain) {
            val (kind, what) = when (failure) {
                // A TLS engine wraps the breaking of the connection below it.
                is SSLException if chain.any { it is SocketException || it is EOFException } -> continue

                // Java's HttpClient wraps a look-up that failed.
                is ConnectException if chain.any { it is UnresolvedAddressException } -> continue

                is UnknownHostException, is UnresolvedAddressException ->
                    ConnectionException.Kind.DNS to "the host name has no address"

                is SSLException, is GeneralSecurityException ->
                    ConnectionException.Kind.TLS to "no secure connection; check certificate, host name and TLS version"

                is ConnectException, is NoRouteToHostException ->
                    ConnectionException.Kind.REFUSED to "nothing accepts connections there"

                is SocketException, is EOFException, is ClosedChannelException ->
                    ConnectionException.Kind.RESET to "the connection was closed before the answer was complete"

                else -> continue
            }
            return connection(request, kind, what, failure)
        }
        return connection(request, ConnectionException.Kind.OTHER, "the connection failed", cause)
    }

    /** [cause] itself, or null when its text would show a header value or the query of [request]. */
    private fun presentable(request: WireRequest, cause: Throwable?): Throwable? {
        val text = cause?.stackTraceToString() ?: return null
        val query = request.url.substringAfter('?', "")
        if (query.isNotEmpty() && query in text) return null
        for (i in 0 until request.headers.size) {
            val value = request.headers.value(i)
            val key = value.substringAfter(' ')
            if (key.length >= MIN_SECRET_CHARS && key in text) return null
        }
        return cause
    }

    private fun causes(first: Throwable): List<Throwable> = generateSequence(first) {
        it.cause
    }.take(MAX_CAUSES).toList()

    private const val MAX_CAUSES = 12
    private const val MAX_URL_CHARS = 200

    /** Shorter header values (`1`, `close`) are no secrets and stand in many texts by chance. */
    private const val MIN_SECRET_CHARS = 8
}
