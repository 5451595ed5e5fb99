package io.kompletion.okhttp

import io.kompletion.error.ConnectionException
import io.kompletion.testkit.server.Gate
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.testkit.server.Step
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import okhttp3.OkHttpClient
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import javax.net.SocketFactory

class OkHttpReuseTest :
    FunSpec({
        val ok = LoopbackReply.fixed(200, "text/plain", "ok")

        fun post(url: String) = WireRequest("POST", url, WireHeaders.EMPTY, ByteArray(100))

        suspend fun WireResponse.bytes(): Int {
            var sum = 0
            while (true) read(ByteArray(100), 0, 100).let { if (it < 0) return sum else sum += it }
        }

        val transports = mapOf(
            "sockets on channels" to { OkHttpTransport() },
            "plain sockets" to { OkHttpTransport(OkHttpClient.Builder().socketFactory(PlainSockets).build()) },
        )
        for ((kind, create) in transports) {
            test("a connection that the server closed while it was idle is replaced without a failure, on $kind") {
                val server = ClosingServer()
                create().use { transport ->
                    server.use {
                        repeat(5) { round ->
                            transport.open(post(server.url)).use { it.bytes() } shouldBe 2
                            server.closed(round).join()
                        }
                        server.requests shouldBe 5
                    }
                }
            }

            test("a request that the server may have read is not sent again, on $kind") {
                LoopbackServer.start(ok, LoopbackReply.builder().fin().build(), ok).use { server ->
                    create().use { transport ->
                        transport.open(post(server.url)).use { it.bytes() }
                        val failure = shouldThrow<ConnectionException> { transport.open(post(server.url)) }
                        failure.kind shouldBe ConnectionException.Kind.RESET
                        failure.isRetryable shouldBe true
                        server.requestCount shouldBe 2
                        server.connectionCount shouldBe 1
                    }
                }
            }
        }

        test("unasked bytes on an idle connection are not taken for the next answer") {
            val stray = LoopbackReply.fixed(408, "text/plain", "too slow")
            val gate = Gate("first answer read")
            LoopbackServer.start(ok.toBuilder().await(gate).steps(stray.steps).build(), ok).use { server ->
                OkHttpTransport().use { transport ->
                    transport.open(post(server.url)).use { it.bytes() }
                    gate.open()
                    val both = (ok.steps + stray.steps).sumOf { (it as Step.Send).bytes.size }
                    while (server.connections.single().bytesSent < both) Thread.onSpinWait()
                    transport.open(post(server.url)).use { it.status shouldBe 200 }
                    server.connectionCount shouldBe 2
                }
            }
        }

        test("closing the transport leaves the caller's client open") {
            LoopbackServer.start(ok).use { server ->
                val client = OkHttpClient()
                OkHttpTransport(client).close()
                OkHttpTransport(client).use { transport ->
                    transport.open(post(server.url)).use { it.status shouldBe 200 }
                }
                client.dispatcher.executorService.isShutdown shouldBe false
            }
        }
    })

private object PlainSockets : SocketFactory() {
    override fun createSocket() = Socket()

    override fun createSocket(host: String, port: Int) = Socket(host, port)

    override fun createSocket(host: InetAddress, port: Int) = Socket(host, port)

    override fun createSocket(host: String, port: Int, local: InetAddress, localPort: Int) =
        Socket(host, port, local, localPort)

    override fun createSocket(host: InetAddress, port: Int, local: InetAddress, localPort: Int) =
        Socket(host, port, local, localPort)
}

/** Answers as if it kept the connection alive, closes it, and says when it has. */
private class ClosingServer : AutoCloseable {
    private val socket = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    private val closes = List(10) { CompletableFuture<Unit>() }
    private val thread = Executors.newSingleThreadExecutor { Thread(it, "closing-server").apply { isDaemon = true } }

    @Volatile
    var requests = 0
        private set
    val url get() = "http://127.0.0.1:${socket.localPort}/"

    init {
        thread.execute { while (!socket.isClosed) runCatching { serve(socket.accept()) } }
    }

    fun closed(round: Int): CompletableFuture<Unit> = closes[round]

    private fun serve(client: Socket) {
        client.use {
            val input = it.getInputStream()
            var head = ""
            while (!head.endsWith("\r\n\r\n")) head += input.read().toChar()
            input.readNBytes(100)
            it.getOutputStream().write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".encodeToByteArray())
        }
        closes[requests++].complete(Unit)
    }

    override fun close() {
        socket.close()
        thread.shutdown()
    }
}
