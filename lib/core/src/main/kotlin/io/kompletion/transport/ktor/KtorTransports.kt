package io.kompletion.transport.ktor

import io.kompletion.error.ConfigurationException
import io.kompletion.internal.transport.ktor.KtorTransport
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.HttpTransportFactory
import io.kompletion.transport.ProxySettings
import io.kompletion.transport.TransportSettings
import io.ktor.client.HttpClient
import io.ktor.client.HttpClientConfig
import io.ktor.client.engine.HttpClientEngine
import io.ktor.client.engine.HttpClientEngineConfig
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.CIOEngineConfig
import java.net.InetSocketAddress
import java.net.Proxy

/**
 * Transports on an engine or a client of Ktor's that the caller brings: the one place where Ktor types stand in the
 * public API.
 *
 * What the engine cannot do, the transport cannot either: Ktor's own OkHttp engine holds a thread of `Dispatchers.IO` for
 * each open stream and stalls above 64 of them unless its dispatcher is widened. `kompletion-okhttp` has no such limit.
 */
public object KtorTransports {
    /** A transport on [engine]. Closing the transport ends its exchanges and leaves the engine to its owner. */
    @JvmStatic
    public fun of(engine: HttpClientEngine): HttpTransport = HttpClient(engine) {
        plain()
    }.let { client ->
        KtorTransport(engineName(engine), { client }, isCio = isCio(engine), client::close)
    }

    /**
     * A transport on [client], with its plugins, but without redirects and without exceptions for statuses. Plugins that
     * repeat requests, decompress or cut answers by their own timeouts act below this library's clocks and retries and are
     * better left out. Closing the transport ends its exchanges and leaves the client to its owner.
     */
    @JvmStatic
    public fun of(client: HttpClient): HttpTransport {
        val derived = client.config {
            followRedirects = false
            expectSuccess = false
        }
        return KtorTransport(engineName(client.engine), {
            derived
        }, isCio = isCio(client.engine), close = {})
    }

    private fun isCio(engine: HttpClientEngine): Boolean = engineName(engine) == "ktor-cio"

    private fun engineName(engine: HttpClientEngine): String =
        "ktor-" + engine.javaClass.simpleName.removeSuffix("Engine").lowercase()
}

/**
 * The built-in transport: Ktor's CIO engine. Priority 0, used when nothing better is on the class path.
 *
 * CIO opens a connection for every POST, speaks HTTP/1.1 and TLS 1.2 only, takes header lines of up to 8 KiB and cannot
 * read a body without length and without `Connection: close`; the exception then says so. A chunked body that ends between
 * two chunks looks complete to it, and where a server goes on sending as fast as it can, it may keep one half of the
 * socket of a call that has ended. It knows HTTP proxies without credentials; a SOCKS proxy or proxy credentials are refused with a
 * `ConfigurationException`, because CIO would ignore the former and show the latter to the origin. Servers and Android do
 * better with `kompletion-okhttp`.
 */
public class KtorTransportFactory : HttpTransportFactory {
    override val priority: Int get() = 0

    override fun create(settings: TransportSettings): HttpTransport {
        val proxy = settings.proxy ?: return cio(HttpClient(CIO) { plain { engine { unlimited() } } })
        check(proxy)
        val direct = HttpClient(CIO) { plain { engine { unlimited() } } }
        val proxied = HttpClient(CIO) {
            plain {
                engine {
                    unlimited()
                    this.proxy = Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host, proxy.port))
                }
            }
        }
        val clientFor = { host: String -> if (proxy.appliesTo(host)) proxied else direct }
        return KtorTransport(CIO_NAME, clientFor, isCio = true) {
            direct.close()
            proxied.close()
        }
    }

    private fun cio(client: HttpClient) = KtorTransport(CIO_NAME, { client }, isCio = true, client::close)

    private fun check(proxy: ProxySettings) {
        if (proxy.kind == ProxySettings.Kind.SOCKS) {
            throw ConfigurationException(
                "Ktor's CIO engine cannot use the SOCKS proxy ${proxy.host}:${proxy.port}; add kompletion-okhttp",
            )
        }
        if (proxy.credentials != null) {
            throw ConfigurationException(
                "Ktor's CIO engine would show the credentials of the proxy ${proxy.host}:${proxy.port} " +
                    "to the provider; add kompletion-okhttp",
            )
        }
    }

    private fun CIOEngineConfig.unlimited() {
        requestTimeout = 0
        maxConnectionsCount = NO_LIMIT
        endpoint.maxConnectionsPerRoute = NO_LIMIT
    }

    private companion object {
        const val CIO_NAME = "ktor-cio"
        const val NO_LIMIT = 1_000_000_000
    }
}

/** A client that sends what it is given: no default headers, no transformation, no redirect, no status check. */
private fun <T : HttpClientEngineConfig> HttpClientConfig<T>.plain(more: HttpClientConfig<T>.() -> Unit = {}) {
    followRedirects = false
    expectSuccess = false
    useDefaultTransformers = false
    more()
}
