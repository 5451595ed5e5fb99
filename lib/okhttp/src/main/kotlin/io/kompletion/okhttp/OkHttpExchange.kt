package io.kompletion.okhttp

import io.kompletion.error.KompletionException
import io.kompletion.transport.TransportFailures
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import kotlinx.coroutines.CancellableContinuation
import okhttp3.Call
import okhttp3.OkHttpClient
import okhttp3.Response
import okio.AsyncTimeout
import okio.BufferedSource
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.resumeWithException

/**
 * One request and its answer. [run] is the blocking half, on a thread of its own from the connection to the last byte; the
 * suspending half meets it in [ReadAhead].
 */
internal class OkHttpExchange(
    val request: WireRequest,
    private val client: OkHttpClient,
    blocks: ByteQueue.Blocks,
    private val onEnd: (OkHttpExchange) -> Unit,
) : WireResponse,
    Runnable {
    private val ahead = ReadAhead(request, blocks)
    private val head = AtomicReference<CancellableContinuation<WireResponse>?>()
    private val clock = Clock()
    private var isConnecting = false

    @Volatile
    private var call: Call? = null

    override var status: Int = 0
        private set
    override var headers: WireHeaders = WireHeaders.EMPTY
        private set

    /** Taken off the answer on its way through OkHttp, see [WireCheck]. */
    var retryAfter: String? = null

    /** [caller] gets this exchange when the head of the answer is there. */
    fun awaitedBy(caller: CancellableContinuation<WireResponse>) {
        head.set(caller)
        caller.invokeOnCancellation { abort() }
    }

    override fun run() {
        try {
            execute().use { response ->
                accept(response)
                pump(response.body.source())
            }
        } catch (cause: Throwable) {
            // The thread ends here; whoever waits gets the failure.
            fail(cause)
        } finally {
            if (isConnecting) clock.exit()
            onEnd(this)
        }
    }

    /** Repeats only while nothing was sent: each round drops one stale connection from the pool. */
    private fun execute(): Response {
        val wire = request.toOkHttp(this)
        clock.timeout(request.connectTimeout.toMillis().coerceAtLeast(1), TimeUnit.MILLISECONDS)
        clock.enter()
        isConnecting = true
        while (true) {
            val attempt = client.newCall(wire)
            call = attempt
            if (ahead.isClosed) throw TransportFailures.closed(request)
            try {
                return attempt.execute()
            } catch (_: StaleConnectionException) {
                continue
            }
        }
    }

    /** Called on the thread of [run] when there is a connection and nothing is sent yet. */
    fun connected() {
        if (!isConnecting) return
        isConnecting = false
        if (clock.exit()) throw TransportFailures.connectTimeout(request)
    }

    private fun accept(response: Response) {
        val fields = ArrayList<String>(2 * response.headers.size + 2)
        for (i in 0 until response.headers.size) {
            fields += response.headers.name(i)
            fields += response.headers.value(i)
        }
        retryAfter?.let {
            fields += "retry-after"
            fields += it
        }
        status = response.code
        headers = WireHeaders.received(fields)
        head.getAndSet(null)?.resume(this) { _, exchange, _ -> exchange.close() }
    }

    private fun pump(source: BufferedSource) {
        // Blocks until the socket, or the chunk that is in memory already, gives at least one byte.
        while (!source.exhausted()) {
            if (!ahead.offer(source.buffer)) return
        }
        ahead.finish(null)
    }

    private fun fail(cause: Throwable) {
        val failure = if (cause is Error) cause else OkHttpFailures.of(request, cause, isConnecting)
        ahead.finish(failure)
        head.getAndSet(null)?.resumeWithException(failure)
    }

    override suspend fun read(into: ByteArray, offset: Int, length: Int): Int {
        if (length == 0) return 0
        while (true) {
            val count = ahead.poll(into, offset, length)
            if (count != 0) return count
            val waited = ahead.await(into, offset, length, cancelled)
            if (waited != 0) return waited
        }
    }

    private val cancelled: (Throwable?) -> Unit = { abort() }

    override fun close(): Unit = abort()

    /** Ends the exchange from outside. Whoever waits for it fails with [failure], not with what the closing causes. */
    fun abort(failure: KompletionException? = null) {
        val caller = head.getAndSet(null)
        if (ahead.close()) call?.cancel()
        caller?.resumeWithException(failure ?: TransportFailures.closed(request))
    }

    /** Covers name look-up, TCP, proxy tunnel and TLS, which OkHttp limits one by one or, for DNS and TLS, not at all. */
    private inner class Clock : AsyncTimeout() {
        override fun timedOut() = abort(TransportFailures.connectTimeout(request))
    }
}
