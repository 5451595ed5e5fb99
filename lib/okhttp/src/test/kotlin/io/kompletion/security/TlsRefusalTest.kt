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
            val old = TestCertificate("ip:127.0.0.1", from = "-10d", isSigned = true)
            serving("expired", old, old)
        }

        test("$engine refuses a server that speaks TLS 1.0") {
            val certificate = TestCertificate("ip:127.0.0.1", algorithm = "RSA")
            OldServer(certificate).use { server ->
                refuses("TLS 1.0", create(certificate), "https://127.0.0.1:${server.port}")
                server.hellos.get() shouldBeGreaterThan 0
            }
        }

        test("$engine talks to the same server with a good certificate") {
            val good = TestCertificate("ip:127.0.0.1", isSigned = true)
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

/**
 * A server of TLS 1.0: answers every hello with that version, a cipher that the client offered and its certificate, and
 * refuses what it then cannot read.
 */
private class OldServer(private val certificate: TestCertificate) : AutoCloseable {
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
        val output = client.getOutputStream()
        val hello = record(input)
        hellos.incrementAndGet()
        val body = byteArrayOf(3, 1) + ByteArray(32) { 7 } + byteArrayOf(0) + cipher(hello) + byteArrayOf(0)
        output.write(framed(message(2, body) + message(11, sized(sized(certificate.encoded))) + message(14, byteArrayOf())))
        output.flush()
        while (record(input).isNotEmpty()) {
            if (lastType != HANDSHAKE) continue
            if (input.available() > 0) continue
            output.write(byteArrayOf(ALERT, 3, 1, 0, 2, 2, BAD_RECORD_MAC))
            output.flush()
            return
        }
    }

    private var lastType: Byte = 0

    private fun record(input: DataInputStream): ByteArray {
        lastType = input.readByte()
        input.readShort()
        return input.readNBytes(input.readUnsignedShort())
    }

    /** One that takes the key from the certificate, when there is one. */
    private fun cipher(hello: ByteArray): ByteArray {
        val at = 39 + hello[38]
        val size = (hello[at].toInt() and 0xFF shl 8) + (hello[at + 1].toInt() and 0xFF)
        val offered = (at + 2 until at + 2 + size step 2).map { hello.copyOfRange(it, it + 2) }
        return offered.firstOrNull { it[0].toInt() == 0 && it[1].toInt() and 0xFF in RSA_CIPHERS } ?: offered.first()
    }

    private fun message(type: Byte, body: ByteArray) = byteArrayOf(type) + sized(body)

    private fun sized(bytes: ByteArray) =
        byteArrayOf((bytes.size shr 16).toByte(), (bytes.size shr 8).toByte(), bytes.size.toByte()) + bytes

    private fun framed(bytes: ByteArray) =
        byteArrayOf(HANDSHAKE, 3, 1, (bytes.size shr 8).toByte(), bytes.size.toByte()) + bytes

    override fun close() = socket.close()

    private companion object {
        const val HANDSHAKE: Byte = 22
        const val ALERT: Byte = 21
        const val BAD_RECORD_MAC: Byte = 20
        val RSA_CIPHERS = setOf(0x2F, 0x35, 0x3C, 0x3D, 0x9C, 0x9D)
    }
}
