package io.kompletion.okhttp

import io.kompletion.error.ConnectionException
import io.kompletion.testkit.server.Gate
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import okhttp3.OkHttpClient
import okhttp3.TlsVersion

class OkHttpTlsTest : FunSpec({
    val good = TestCertificate("ip:127.0.0.1")
    val ok = LoopbackReply.fixed(200, "text/plain", "ok")
    val trusting = OkHttpClient.Builder().sslSocketFactory(good.context.socketFactory, good.trustManager).build()

    fun serving(certificate: TestCertificate): LoopbackServer.Builder {
        val sockets = certificate.context.serverSocketFactory
        return LoopbackServer.builder().sockets(sockets)
    }

    fun post(url: String) = WireRequest("POST", url, WireHeaders.EMPTY, ByteArray(100))

    suspend fun WireResponse.piece(): String? {
        val buffer = ByteArray(100)
        val count = read(buffer, 0, 100)
        return if (count < 0) null else buffer.decodeToString(0, count)
    }

    test("speaks TLS 1.3, reuses the connection and hands over each piece before the next is sent") {
        val gate = Gate()
        val reply = LoopbackReply.builder().head(200, "transfer-encoding: chunked").chunk("a").await(gate).chunk("b")
        var version: TlsVersion? = null
        val observed = trusting.newBuilder()
            .addNetworkInterceptor { chain ->
                chain.proceed(chain.request()).also { version = it.handshake?.tlsVersion }
            }
            .build()
        serving(good).start(ok, ok, reply.lastChunk().build()).use { server ->
            OkHttpTransport(observed).use { transport ->
                repeat(2) { transport.open(post(server.url)).use { while (it.piece() != null) Unit } }
                transport.open(post(server.url)).use {
                    it.piece() shouldBe "a"
                    gate.open()
                    it.piece() shouldBe "b"
                }
                version shouldBe TlsVersion.TLS_1_3
                server.connectionCount shouldBe 1
            }
        }
    }

    test("a certificate that nobody trusts is TLS and not retried") {
        serving(good).start(ok).use { server ->
            OkHttpTransport().use { transport ->
                val failure = shouldThrow<ConnectionException> { transport.open(post(server.url)) }
                failure.kind shouldBe ConnectionException.Kind.TLS
                failure.isRetryable shouldBe false
            }
        }
    }

    test("a trusted certificate for another host is TLS") {
        val other = TestCertificate("dns:other.test")
        val client = OkHttpClient.Builder().sslSocketFactory(other.context.socketFactory, other.trustManager).build()
        serving(other).start(ok).use { server ->
            OkHttpTransport(client).use { transport ->
                val failure = shouldThrow<ConnectionException> { transport.open(post(server.url)) }
                failure.kind shouldBe ConnectionException.Kind.TLS
            }
        }
    }

    test("a reset below TLS is RESET, not TLS") {
        val gate = Gate()
        val reply = LoopbackReply.builder().head(200, "transfer-encoding: chunked").chunk("a").await(gate).rst().build()
        serving(good).start(reply).use { server ->
            OkHttpTransport(trusting).use { transport ->
                transport.open(post(server.url)).use {
                    it.piece() shouldBe "a"
                    gate.open()
                    shouldThrow<ConnectionException> { it.piece() }.kind shouldBe ConnectionException.Kind.RESET
                }
            }
        }
    }
})
