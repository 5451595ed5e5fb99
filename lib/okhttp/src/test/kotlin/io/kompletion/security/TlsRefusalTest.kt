package io.kompletion.security

import io.kompletion.Kompletion
import io.kompletion.error.ConnectionException
import io.kompletion.error.KompletionException
import io.kompletion.okhttp.OkHttpTransport
import io.kompletion.okhttp.TestCertificate
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.ktor.KtorTransports
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.ktor.client.engine.cio.CIO
import okhttp3.OkHttpClient
import java.io.DataInputStream
import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

/** What a client must not talk to: it refuses with the reason, once, and sends nothing. */
class TlsRefusalTest : FunSpec({
    val trusting: Map<String, (TestCertificate?) -> HttpTransport> = mapOf(
        "OkHttp" to ::okHttp,
        "CIO" to ::cio,
    )
    var refused = 0

    suspend fun refuses(name: String, transport: HttpTransport, url: String) {
        transport.use {
            val llm = Kompletion {
                environment(mapOf("OPENAI_API_KEY" to KEY))
                transport(transport)
                provider("openai") { baseUrl = url }
            }
            val failure = try {
                llm.chat("openai/gpt-4o") { user("Hi") }
                throw AssertionError("$name: answered")
            } catch (e: KompletionException) {
                e
            }
            withClue(failure.stackTraceToString()) {
                (failure as ConnectionException).kind shouldBe ConnectionException.Kind.TLS
                failure.message.orEmpty() shouldContain "no secure connection; check certificate, host name and TLS version"
                failure.isRetryable shouldBe false
                failure.attempts.size shouldBe 1
            }
            refused++
        }
    }

    for ((engine, create) in trusting) {
        val ok = LoopbackReply.fixed(200, "application/json", "{}")

        suspend fun serving(name: String, certificate: TestCertificate, trusted: TestCertificate?) {
            LoopbackServer.builder().sockets(certificate.context.serverSocketFactory).start(ok).use { server ->
                refuses(name, create(trusted), server.url)
                server.requestCount shouldBe 0
            }
        }

        test("$engine refuses a certificate that nobody trusts") { serving("self-signed", TestCertificate("ip:127.0.0.1"), null) }

        test("$engine refuses a trusted certificate of another host") {
            val other = TestCertificate("dns:other.test")
            serving("wrong host", other, other)
        }

        test("$engine refuses a trusted certificate that has ended") {
            val old = TestCertificate("ip:127.0.0.1", from = "-10d")
            serving("expired", old, old)
        }

        test("$engine refuses a server that speaks TLS 1.0") {
            OldServer().use { server ->
                refuses("TLS 1.0", create(null), "https://127.0.0.1:${server.port}")
                server.hellos.get() shouldBeGreaterThan 0
            }
        }

        test("$engine talks to the same server with a good certificate") {
            val good = TestCertificate("ip:127.0.0.1")
            LoopbackServer.builder().sockets(good.context.serverSocketFactory).start(ok).use { server ->
                create(good).use { transport ->
                    val llm = Kompletion {
                        environment(mapOf("OPENAI_API_KEY" to KEY))
                        transport(transport)
                        retry { enabled = false }
                        provider("openai") { baseUrl = server.url }
                    }
                    try {
                        llm.chat("openai/gpt-4o") { user("Hi") }
                    } catch (_: KompletionException) {
                        // "{}" is no answer; that it was asked for is the point.
                    }
                    server.requestCount shouldBe 1
                }
            }
        }
    }

    test("the count") {
        println("TLS: $refused of ${trusting.size * 4} refused")
        refused shouldBe trusting.size * 4
    }
})

private fun okHttp(trusted: TestCertificate?): HttpTransport {
    if (trusted == null) return OkHttpTransport()
    return OkHttpTransport(OkHttpClient.Builder().sslSocketFactory(trusted.context.socketFactory, trusted.trustManager).build())
}

private fun cio(trusted: TestCertificate?): HttpTransport = KtorTransports.of(
    CIO.create { https { trusted?.let { trustManager = it.trustManager } } },
)

/** Answers every hello with the choice of TLS 1.0 and a cipher that the client offered, as an old server does. */
private class OldServer : AutoCloseable {
    private val socket = ServerSocket(0, 5, InetAddress.getLoopbackAddress())
    val port: Int get() = socket.localPort
    val hellos = AtomicInteger()

    init {
        thread(isDaemon = true, name = "old-server") {
            while (!socket.isClosed) {
                try {
                    socket.accept().use(::serve)
                } catch (_: IOException) {
                    // The client left, or the test is over.
                }
            }
        }
    }

    private fun serve(client: Socket) {
        val input = DataInputStream(client.getInputStream())
        input.readNBytes(3)
        val hello = input.readNBytes(input.readUnsignedShort())
        hellos.incrementAndGet()
        val session = hello[38].toInt()
        val cipher = hello.copyOfRange(41 + session, 43 + session)
        val body = byteArrayOf(3, 1) + ByteArray(32) { 7 } + byteArrayOf(0) + cipher + byteArrayOf(0)
        val message = byteArrayOf(2, 0, 0, body.size.toByte()) + body
        client.getOutputStream().write(byteArrayOf(22, 3, 1, 0, message.size.toByte()) + message)
        client.getOutputStream().flush()
        input.readAllBytes()
    }

    override fun close() = socket.close()
}
