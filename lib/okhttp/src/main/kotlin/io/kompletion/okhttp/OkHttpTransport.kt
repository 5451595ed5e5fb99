package io.kompletion.okhttp

import io.kompletion.transport.HttpTransport
import io.kompletion.transport.TransportFailures
import io.kompletion.transport.TransportSettings
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import kotlinx.coroutines.suspendCancellableCoroutine
import okhttp3.ConnectionPool
import okhttp3.OkHttpClient
import java.time.Duration
import java.util.Collections
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit
import javax.net.SocketFactory

/**
 * Sends straight through OkHttp: pooled connections, HTTP/2 where the server offers it, TLS 1.3, happy eyeballs, HTTP and
 * SOCKS proxies. For servers and Android.
 *
 * **Threads.** Each open exchange has a thread that blocks in the socket: a virtual one where the runtime has them
 * (Java 21 and newer), else a daemon thread named `kompletion-okhttp-N` of a pool without a limit. It reads ahead of the
 * caller by at most 64 KiB; with HTTP/2, OkHttp's window of 16 MiB a stream comes on top. OkHttp's dispatcher and its
 * limits are not used.
 *
 * **Repeats.** A request goes out once. OkHttp by itself sends a POST again when a pooled connection breaks before the
 * answer, even though the server may have read it. Here every body is one-shot, which confines OkHttp to repeating what it
 * knows was never sent, and a pooled HTTP/1.1 connection is looked at before each use, so one that the server closed while
 * it was idle is replaced without a failure. When the server closes it in the very moment of sending, the caller gets a
 * `ConnectionException` of kind `RESET` that may be retried.
 *
 * **Clocks.** Only connecting is limited, by [WireRequest.connectTimeout] from the name look-up to the end of the TLS
 * handshake. OkHttp's read, write and call timeouts are off. HTTP/2 connections are probed every 30 s.
 */
public class OkHttpTransport private constructor(
    base: OkHttpClient,
    settings: TransportSettings,
    private val own: Boolean,
) : HttpTransport {
    private val client = base.newBuilder().prepare(settings).build()
    private val threads = ExchangeThreads.create()
    private val blocks = ByteQueue.Blocks()
    private val running: MutableSet<OkHttpExchange> = Collections.newSetFromMap(ConcurrentHashMap())

    @Volatile
    private var closed = false

    /** A transport with its own connection pool and the JVM's proxy selector. */
    public constructor() : this(TransportSettings.DEFAULT)

    /** A transport with its own connection pool. */
    public constructor(settings: TransportSettings) : this(ownClient(), settings, own = true)

    /**
     * A transport that shares the connections, DNS, certificates, proxy and interceptors of [client]. Its timeouts,
     * redirects and HTTP cache do not apply. Closing the transport leaves [client] open.
     */
    public constructor(client: OkHttpClient) : this(client, TransportSettings.DEFAULT, own = false)

    override val name: String get() = "okhttp"

    override suspend fun open(request: WireRequest): WireResponse {
        if (closed) throw TransportFailures.closed(request)
        val exchange = OkHttpExchange(request, client, blocks, running::remove)
        return suspendCancellableCoroutine { caller ->
            exchange.awaitedBy(caller)
            running += exchange
            // close() sets the flag before it walks through the set, so one of the two sees the other.
            if (closed) exchange.abort() else threads.start(exchange)
        }
    }

    override fun close() {
        closed = true
        running.forEach { it.abort() }
        threads.close()
        if (own) client.connectionPool.evictAll()
    }

    override fun toString(): String = "OkHttpTransport(${running.size} open)"

    private companion object {
        /** Idle connections kept: as many as a busy server has calls at once, dropped after the usual time of proxies. */
        const val IDLE_CONNECTIONS = 1024
        const val IDLE_MINUTES = 5L
        val PING_INTERVAL: Duration = Duration.ofSeconds(30)

        fun ownClient(): OkHttpClient = OkHttpClient.Builder()
            .connectionPool(ConnectionPool(IDLE_CONNECTIONS, IDLE_MINUTES, TimeUnit.MINUTES))
            .pingInterval(PING_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
            .build()

        fun OkHttpClient.Builder.prepare(settings: TransportSettings): OkHttpClient.Builder = apply {
            followRedirects(false)
            followSslRedirects(false)
            retryOnConnectionFailure(true)
            cache(null)
            readTimeout(0, TimeUnit.MILLISECONDS)
            writeTimeout(0, TimeUnit.MILLISECONDS)
            callTimeout(0, TimeUnit.MILLISECONDS)
            settings.proxy?.let { through(it) }
            if (build().socketFactory === SocketFactory.getDefault() && PeekableSockets.isSupported) {
                socketFactory(PeekableSockets)
            }
            addInterceptor(ConnectClock)
            addNetworkInterceptor(WireCheck(settings.proxy))
        }
    }
}
