package io.kompletion.okhttp

import io.kompletion.transport.ProxySettings
import okhttp3.Connection
import okhttp3.Interceptor
import okhttp3.Protocol
import okhttp3.Request
import okhttp3.Response
import java.io.IOException
import java.net.Proxy
import java.util.Collections
import java.util.WeakHashMap
import java.util.concurrent.TimeUnit

/** The pooled connection was closed by its peer while it was idle; nothing was sent on it. */
internal class StaleConnectionException : IOException("stale pooled connection")

/** Gives each call its own limit for TCP connects, without a client of its own. */
internal object ConnectClock : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response {
        val exchange = chain.request().tag(OkHttpExchange::class.java) ?: return chain.proceed(chain.request())
        val millis = exchange.request.connectTimeout.toMillis().coerceIn(1, Int.MAX_VALUE.toLong()).toInt()
        val limited = if (chain.connectTimeoutMillis() == millis) {
            chain
        } else {
            chain.withConnectTimeout(millis, TimeUnit.MILLISECONDS)
        }
        return limited.proceed(chain.request())
    }
}

/**
 * Stands between OkHttp and the socket: sees that a reused connection is alive before anything is sent, that exactly the
 * headers asked for go out, and that OkHttp does not repeat a request by itself when a 503 says `Retry-After: 0`.
 */
internal class WireCheck(private val proxy: ProxySettings?) : Interceptor {
    private val used: MutableSet<Connection> =
        Collections.synchronizedSet(Collections.newSetFromMap(WeakHashMap<Connection, Boolean>()))

    override fun intercept(chain: Interceptor.Chain): Response {
        val exchange = chain.request().tag(OkHttpExchange::class.java)
        val connection = chain.connection()
        if (exchange == null || connection == null) return chain.proceed(chain.request())
        val isReused = !used.add(connection)
        if (isReused && connection.isHttp1 &&
            PeekableSockets.isStale(connection.socket())
        ) {
            throw StaleConnectionException()
        }
        exchange.connected()
        val response = chain.proceed(asAsked(chain.request(), exchange, connection))
        exchange.retryAfter = response.header(RETRY_AFTER).takeIf { response.code == UNAVAILABLE } ?: return response
        return response.newBuilder().removeHeader(RETRY_AFTER).build()
    }

    private fun asAsked(request: Request, exchange: OkHttpExchange, connection: Connection): Request {
        val asked = exchange.request.headers
        val builder = request.newBuilder()
        if (asked["User-Agent"] == null) builder.removeHeader("User-Agent")
        if (asked["Accept-Encoding"] == null) builder.removeHeader("Accept-Encoding")
        val isPlainProxy = !request.isHttps && connection.route().proxy.type() == Proxy.Type.HTTP
        if (isPlainProxy) proxy?.authorization()?.let { builder.header(PROXY_AUTHORIZATION, it) }
        return builder.build()
    }

    private val Connection.isHttp1: Boolean
        get() = protocol().let { it == Protocol.HTTP_1_1 || it == Protocol.HTTP_1_0 }

    private companion object {
        const val RETRY_AFTER = "Retry-After"
        const val UNAVAILABLE = 503
    }
}
