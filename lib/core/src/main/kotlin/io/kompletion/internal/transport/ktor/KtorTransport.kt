package io.kompletion.internal.transport.ktor

import io.kompletion.transport.HttpTransport
import io.kompletion.transport.TransportFailures
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import io.ktor.client.HttpClient
import io.ktor.client.plugins.HttpTimeoutCapability
import io.ktor.client.plugins.HttpTimeoutConfig
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.setBody
import io.ktor.client.request.url
import io.ktor.http.Headers
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpMethod
import io.ktor.http.content.OutgoingContent
import io.ktor.http.parseUrl
import io.ktor.utils.io.ByteWriteChannel
import io.ktor.utils.io.writeFully
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull

/**
 * Sends through a Ktor client.
 *
 * Ktor gives an answer only inside `HttpStatement.execute { }`, on the caller's dispatcher or the engine's as a system
 * property says, so every exchange runs its statement in a job of the transport's own scope. The job hands the head over,
 * keeps the statement open while the caller reads, and is cancelled to close the socket.
 *
 * For CIO the time to connect is measured here, up to the moment when the engine asks for the body's bytes. Its own clock
 * loses the socket when a call is cancelled in the moment in which it has just been connected: nobody closes it any more.
 */
internal class KtorTransport(
    override val name: String,
    private val clientFor: (host: String) -> HttpClient,
    private val isCio: Boolean,
    private val close: () -> Unit,
) : HttpTransport {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default + CoroutineName("kompletion-$name"))

    override suspend fun open(request: WireRequest): WireResponse {
        val url = parseUrl(request.url)?.takeIf { it.protocol.name in SCHEMES && it.host.isNotEmpty() }
        val client = clientFor((url ?: throw TransportFailures.unusableUrl(request)).host)
        val exchange = KtorExchange(request, losesUnframedBodies = isCio)
        val connected = if (isCio && request.sendsBody()) CompletableDeferred<Unit>() else null
        exchange.job = scope.launch { exchange.run(client, request.toBuilder(connected) { exchange.isAbandoned }) }
        // Also reached when the scope is closed already, so that the job never starts.
        exchange.job.invokeOnCompletion {
            exchange.head.completeExceptionally(TransportFailures.closed(request))
            connected?.complete(Unit)
        }
        try {
            if (connected != null) {
                withTimeoutOrNull(request.connectTimeout.toMillis()) { connected.await() }
                    ?: throw TransportFailures.connectTimeout(request).also { exchange.close() }
            }
            return exchange.head.await()
        } catch (cancelled: CancellationException) {
            // The head only ever fails with an exception of this library, so this is the caller's own cancellation.
            if (connected == null || connected.isCompleted) exchange.close() else abandon(exchange, connected)
            throw cancelled
        }
    }

    /** Gives up while the engine connects: it would lose the socket if it were cancelled in that very moment. */
    private fun abandon(exchange: KtorExchange, connected: CompletableDeferred<Unit>) {
        exchange.isAbandoned = true
        scope.launch {
            withTimeoutOrNull(ABANDONED_MILLIS) { connected.await() }
            exchange.close()
        }
    }

    override fun close() {
        scope.cancel()
        close.invoke()
    }
}

private val SCHEMES = setOf("http", "https")

private fun WireRequest.sendsBody() = body != null || expectsBody(method)

/** Long enough for the moment in which a connection becomes one; a handshake or a host that is silent is not waited for. */
private const val ABANDONED_MILLIS = 50L

private fun WireRequest.toBuilder(
    connected: CompletableDeferred<Unit>?,
    isAbandoned: () -> Boolean,
): HttpRequestBuilder {
    val request = this
    return HttpRequestBuilder().apply {
        method = HttpMethod(request.method)
        url(request.url)
        request.headers.forEach { name, value -> if (name.lowercase() !in CONTENT_FIELDS) headers.append(name, value) }
        val contentHeaders = ContentHeaders(request.headers["content-type"])
        val bytes = request.body ?: ByteArray(0).takeIf { expectsBody(request.method) }
        setBody(
            when {
                bytes == null -> NoBytes(contentHeaders)
                connected == null -> Bytes(bytes, contentHeaders)
                else -> ClockedBytes(bytes, contentHeaders, connected, isAbandoned)
            },
        )
        setCapability(HttpTimeoutCapability, timeouts(request, connected != null))
    }
}

/** Ktor tells these by their exact case and would send them twice. */
private val CONTENT_FIELDS = setOf("content-type", "content-length")

/** A request of these methods says how long its body is, even when there is none (RFC 9110, section 8.6). */
private fun expectsBody(method: String) = method == "POST" || method == "PUT" || method == "PATCH"

private fun timeouts(request: WireRequest, isClocked: Boolean) = HttpTimeoutConfig(
    requestTimeoutMillis = HttpTimeoutConfig.INFINITE_TIMEOUT_MS,
    connectTimeoutMillis = request.connectTimeout.toMillis().coerceAtLeast(1).takeUnless { isClocked }
        ?: HttpTimeoutConfig.INFINITE_TIMEOUT_MS,
    socketTimeoutMillis = HttpTimeoutConfig.INFINITE_TIMEOUT_MS,
)

private class Bytes(private val bytes: ByteArray, override val headers: Headers) : OutgoingContent.ByteArrayContent() {
    override val contentLength: Long get() = bytes.size.toLong()

    override fun bytes(): ByteArray = bytes
}

/** Says when the engine wants the bytes: it is connected then. A call that was given up meanwhile gets none. */
private class ClockedBytes(
    private val bytes: ByteArray,
    override val headers: Headers,
    private val connected: CompletableDeferred<Unit>,
    private val isAbandoned: () -> Boolean,
) : OutgoingContent.WriteChannelContent() {
    override val contentLength: Long get() = bytes.size.toLong()

    override suspend fun writeTo(channel: ByteWriteChannel) {
        connected.complete(Unit)
        if (isAbandoned()) throw CancellationException("the call was given up while it was connecting")
        channel.writeFully(bytes)
    }
}

private class NoBytes(override val headers: Headers) : OutgoingContent.NoContent()

/**
 * Holds no field, but answers two questions that Ktor's engines ask: for the content type, which is then not rendered anew
 * by Ktor's parser, and for a user agent, because without one they would add `User-Agent: ktor-client`.
 */
private class ContentHeaders(private val contentType: String?) : Headers by Headers.Empty {
    override fun get(name: String): String? = when (name) {
        HttpHeaders.ContentType -> contentType
        HttpHeaders.UserAgent -> ""
        else -> null
    }
}
