package io.kompletion.internal.transport.ktor

import io.kompletion.error.ConnectionException
import io.kompletion.transport.TransportFailures
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import io.ktor.client.HttpClient
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.HttpStatement
import io.ktor.client.statement.bodyAsChannel
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.readAvailable
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.isActive

/** One statement of Ktor's, open from [run] until the body was read to its end or [close] was called. */
internal class KtorExchange(
    private val request: WireRequest,
    private val losesUnframedBodies: Boolean,
) : WireResponse {
    val head = CompletableDeferred<WireResponse>()
    lateinit var job: Job

    /** Whether the caller has left before there was a connection. */
    @Volatile
    var isAbandoned = false
    override var status: Int = 0
        private set
    override var headers: WireHeaders = WireHeaders.EMPTY
        private set

    private val drained = CompletableDeferred<Unit>()
    private var body: ByteReadChannel = ByteReadChannel.Empty

    private var hasBytes = false

    @Volatile
    private var closed = false

    suspend fun run(client: HttpClient, builder: HttpRequestBuilder) {
        try {
            HttpStatement(builder, client).execute { response ->
                accept(response)
                drained.await()
            }
        } catch (cause: Throwable) {
            val isOpen = currentCoroutineContext().isActive
            head.completeExceptionally(
                if (isOpen) KtorFailures.of(request, cause) else TransportFailures.closed(request),
            )
            if (cause is CancellationException) throw cause
        }
    }

    private suspend fun accept(response: HttpResponse) {
        status = response.status.value
        if (status < 200) {
            val what = "the engine took the interim answer $status for the final one; kompletion-okhttp reads on"
            throw TransportFailures.connection(request, ConnectionException.Kind.OTHER, what)
        }
        headers = WireHeaders.received(
            response.headers.entries().flatMap { (name, values) -> values.flatMap { listOf(name, it) } },
        )
        body = response.bodyAsChannel()
        head.complete(this)
    }

    override suspend fun read(into: ByteArray, offset: Int, length: Int): Int {
        if (closed) throw TransportFailures.closed(request)
        if (drained.isCompleted) return -1
        val count = try {
            readOrThrow(into, offset, length)
        } catch (cause: Throwable) {
            val ended = closed || !job.isActive
            close()
            // The caller's own cancellation passes untouched; one of the engine's is a broken connection.
            if (cause is CancellationException) currentCoroutineContext().ensureActive()
            if (!ended && isLost()) throw lost()
            throw if (ended) TransportFailures.closed(request) else KtorFailures.of(request, cause)
        }
        if (count < 0) drained.complete(Unit)
        if (count < 0 && isLost()) throw lost()
        hasBytes = hasBytes || count > 0
        return count
    }

    /** A channel that was closed by a failure says -1, as at the end, to whoever was not waiting at that moment. */
    private suspend fun readOrThrow(into: ByteArray, offset: Int, length: Int): Int {
        val count = body.readAvailable(into, offset, length)
        if (count < 0) body.closedCause?.let { throw it }
        return count
    }

    /** Whether a body that only the end of the connection ends was taken for an empty one. */
    private fun isLost() = losesUnframedBodies && !hasBytes && status in 200..299 && status !in EMPTY &&
        headers["content-length"] == null && headers["transfer-encoding"] == null &&
        !headers["connection"].orEmpty().contains("close", ignoreCase = true)

    private fun lost() = TransportFailures.connection(
        request,
        ConnectionException.Kind.OTHER,
        "the engine reads no body that has neither a length nor chunks; kompletion-okhttp does",
        retryable = false,
    )

    override fun close() {
        closed = true
        if (!drained.isCompleted) job.cancel()
    }

    private companion object {
        /** Statuses that have no body. */
        val EMPTY = setOf(204, 205)
    }
}
