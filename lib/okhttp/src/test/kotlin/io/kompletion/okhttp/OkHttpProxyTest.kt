package io.kompletion.okhttp

import io.kompletion.Secret
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ConnectionException
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.transport.ProxySettings
import io.kompletion.transport.TransportSettings
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import java.io.DataInputStream
import java.net.InetAddress
import java.net.ServerSocket
import kotlin.concurrent.thread

class OkHttpProxyTest : FunSpec({
    val ok = LoopbackReply.fixed(200, "text/plain", "ok")
    val user = Secret("user:pass:word")

    fun post(url: String) = WireRequest("POST", url, WireHeaders.EMPTY, ByteArray(10))

    fun through(
        port: Int,
        kind: ProxySettings.Kind,
        noProxy: Set<String> = emptySet(),
        credentials: Secret? = null,
    ): OkHttpTransport {
        val proxy = ProxySettings(kind, "127.0.0.1", port, noProxy, credentials)
        return OkHttpTransport(TransportSettings(proxy))
    }

    val tunnelled = post("https://provider.invalid/v1")

    test("an HTTP proxy gets plain requests in absolute form, with its credentials and without asking for them") {
        LoopbackServer.start(ok).use { proxy ->
            through(proxy.port, ProxySettings.Kind.HTTP, credentials = user).use { transport ->
                transport.open(post("http://provider.invalid/v1/chat")).use { it.status shouldBe 200 }
                val seen = proxy.requests.single()
                seen.target shouldBe "http://provider.invalid/v1/chat"
                seen.header("proxy-authorization") shouldBe "Basic dXNlcjpwYXNzOndvcmQ="
            }
        }
    }

    test("an HTTP proxy is asked for a tunnel for https, with its credentials, and its refusal is PROXY") {
        LoopbackServer.start(LoopbackReply.fixed(403, "text/plain", "no")).use { proxy ->
            through(proxy.port, ProxySettings.Kind.HTTP, credentials = user).use { transport ->
                val failure = shouldThrow<ConnectionException> { transport.open(tunnelled) }
                failure.kind shouldBe ConnectionException.Kind.PROXY
                failure.stackTraceToString() shouldNotContain "dXNlcjpwYXNz"
                val seen = proxy.requests.single()
                seen.method shouldBe "CONNECT"
                seen.target shouldBe "provider.invalid:443"
                seen.header("proxy-authorization") shouldBe "Basic dXNlcjpwYXNzOndvcmQ="
            }
        }
    }

    test("refused credentials are PROXY and tried once") {
        val refusal = LoopbackReply.fixed(407, "text/plain", "", "Proxy-Authenticate: Basic realm=\"x\"")
        LoopbackServer.start(refusal).use { proxy ->
            through(proxy.port, ProxySettings.Kind.HTTP, credentials = user).use { transport ->
                val failure = shouldThrow<ConnectionException> { transport.open(tunnelled) }
                failure.kind shouldBe ConnectionException.Kind.PROXY
                proxy.requestCount shouldBe 1
            }
        }
    }

    test("a host that needs no proxy is reached directly and never sees the proxy's credentials") {
        LoopbackServer.start(ok).use { origin ->
            LoopbackServer.start(ok).use { proxy ->
                through(proxy.port, ProxySettings.Kind.HTTP, setOf("127.0.0.1"), user).use { transport ->
                    transport.open(post(origin.url)).use { it.status shouldBe 200 }
                    origin.requests.single().header("proxy-authorization") shouldBe null
                    proxy.connectionCount shouldBe 0
                }
            }
        }
    }

    test("a SOCKS proxy is given the host name unresolved and carries the request") {
        LoopbackServer.start(ok).use { origin ->
            SocksServer(origin.port).use { proxy ->
                through(proxy.port, ProxySettings.Kind.SOCKS).use { transport ->
                    transport.open(post("http://provider.invalid:8080/v1")).use { it.status shouldBe 200 }
                    proxy.asked shouldBe "provider.invalid:8080"
                    origin.requests.single().header("host") shouldBe "provider.invalid:8080"
                }
            }
        }
    }

    test("a SOCKS proxy that refuses is PROXY") {
        SocksServer(origin = null).use { proxy ->
            through(proxy.port, ProxySettings.Kind.SOCKS).use { transport ->
                val failure = shouldThrow<ConnectionException> { transport.open(post("http://p.invalid/v1")) }
                failure.kind shouldBe ConnectionException.Kind.PROXY
            }
        }
    }

    test("credentials for a SOCKS proxy are a configuration error") {
        shouldThrow<ConfigurationException> { through(1080, ProxySettings.Kind.SOCKS, credentials = user) }
            .message.orEmpty() shouldNotContain "pass"
    }
})

/** SOCKS 5 without authentication (RFC 1928) that connects whatever is asked for to one port on loopback, or refuses. */
private class SocksServer(private val origin: Int?) : AutoCloseable {
    private val socket = ServerSocket(0, 5, InetAddress.getLoopbackAddress())
    val port: Int get() = socket.localPort

    @Volatile
    var asked: String? = null

    init {
        thread(isDaemon = true, name = "socks") {
            while (!socket.isClosed) runCatching { serve(socket.accept()) }
        }
    }

    private fun serve(client: java.net.Socket) {
        val input = DataInputStream(client.getInputStream())
        input.readByte()
        input.readNBytes(input.readUnsignedByte())
        client.getOutputStream().write(byteArrayOf(5, 0))
        input.readNBytes(3)
        check(input.readUnsignedByte() == 3) { "the client resolved the name itself" }
        val host = String(input.readNBytes(input.readUnsignedByte()))
        asked = "$host:${input.readUnsignedShort()}"
        val reply = if (origin == null) 5 else 0
        client.getOutputStream().write(byteArrayOf(5, reply.toByte(), 0, 1, 127, 0, 0, 1, 0, 0))
        if (origin == null) return client.close()
        val upstream = java.net.Socket(InetAddress.getLoopbackAddress(), origin)
        thread(isDaemon = true) { runCatching { upstream.getInputStream().transferTo(client.getOutputStream()) } }
        thread(isDaemon = true) { runCatching { input.transferTo(upstream.getOutputStream()) } }
    }

    override fun close() = socket.close()
}
