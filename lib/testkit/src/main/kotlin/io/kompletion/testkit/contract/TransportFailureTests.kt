package io.kompletion.testkit.contract

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ConnectionException.Kind
import io.kompletion.error.TimeoutException
import io.kompletion.testkit.contract.TransportProbe.Companion.SECRET_QUERY
import io.kompletion.testkit.contract.TransportProbe.Companion.connectionFailureOf
import io.kompletion.testkit.contract.TransportProbe.Companion.failureOf
import io.kompletion.testkit.contract.TransportProbe.Companion.piece
import io.kompletion.testkit.contract.TransportProbe.Companion.probe
import io.kompletion.testkit.contract.TransportProbe.Companion.text
import io.kompletion.testkit.server.Gate
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.WireRequest
import io.kotest.core.spec.style.scopes.FunSpecContainerScope
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.withTimeout
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.time.Duration
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.seconds

private val OK = LoopbackReply.fixed(200, "application/json", "{}")

/** What goes wrong below HTTP. Every exception is also searched for header values and the query of the URL. */
internal suspend fun FunSpecContainerScope.failureTests(traits: TransportTraits, create: () -> HttpTransport) {
    suspend fun opening(url: String, timeout: Duration = WireRequest.DEFAULT_CONNECT_TIMEOUT): Throwable =
        create().use { transport ->
            val request = WireRequest("POST", "$url?$SECRET_QUERY", TransportProbe.HEADERS, ByteArray(10), timeout)
            failureOf { withTimeout(20.seconds) { transport.open(request).close() } }
        }

    test("a port where nobody listens is REFUSED and may be retried") {
        val port = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
        val failure = connectionFailureOf { throw opening("http://127.0.0.1:$port/v1") }
        failure.kind shouldBe Kind.REFUSED
        failure.isRetryable shouldBe true
        failure.message.orEmpty() shouldContain "127.0.0.1:$port"
    }

    test("a host without an address is DNS") {
        connectionFailureOf { throw opening("http://nope.invalid/v1") }.kind shouldBe Kind.DNS
    }

    test("a connect that nobody accepts ends with the connect clock") {
        ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { full ->
            val waiting = fillBacklog(full)
            try {
                val failure = opening("http://127.0.0.1:${full.localPort}", Duration.ofMillis(200))
                failure.shouldBeInstanceOf<TimeoutException>().kind shouldBe TimeoutException.Kind.CONNECT
            } finally {
                waiting.forEach { it.close() }
            }
        }
    }

    test("a TLS handshake that nobody answers ends with the connect clock") {
        ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { mute ->
            val failure = opening("https://127.0.0.1:${mute.localPort}", Duration.ofMillis(200))
            failure.shouldBeInstanceOf<TimeoutException>().kind shouldBe TimeoutException.Kind.CONNECT
        }
    }

    if (traits.noticesMissingTls) {
        test("an https URL whose port speaks plain HTTP is TLS and not retried") {
            ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { plain ->
                val server = thread(isDaemon = true, name = "plain-http") {
                    plain.accept().use { client ->
                        client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".encodeToByteArray())
                        client.getInputStream().readAllBytes()
                    }
                }
                val failure = connectionFailureOf { throw opening("https://127.0.0.1:${plain.localPort}/") }
                failure.kind shouldBe Kind.TLS
                failure.isRetryable shouldBe false
                server.join()
            }
        }
    }

    for (url in listOf("ftp://127.0.0.1/x", "nonsense", "http://", "")) {
        test("the URL \"$url\" is a configuration error") {
            opening(url).shouldBeInstanceOf<ConfigurationException>()
        }
    }

    test("a connection closed or reset before the head is RESET and the request was sent once") {
        val replies = listOf(LoopbackReply.builder().fin().build(), LoopbackReply.builder().rst().build())
        for (reply in replies) {
            probe(create, reply, OK) {
                connectionFailureOf { transport.open(post()) }.kind shouldBe Kind.RESET
                server.requestCount shouldBe 1
            }
        }
    }

    test("a connection closed inside the head is a connection failure") {
        probe(create, LoopbackReply.builder().send("HTTP/1.1 200 OK\r\ncontent-ty").fin().build()) {
            connectionFailureOf { call() }
        }
    }

    test("an answer that is not HTTP is a connection failure") {
        probe(create, LoopbackReply.builder().send("SSH-2.0-OpenSSH_9.2\r\n\r\n").fin().build()) {
            connectionFailureOf { call() }
        }
    }

    test("bytes before a reset arrive, then RESET") {
        val gate = Gate("read")
        val reply = LoopbackReply.builder().head(200, "transfer-encoding: chunked").chunk("first").await(gate).rst()
        probe(create, reply.build()) {
            transport.open(post()).use { response ->
                response.piece() shouldBe "first"
                gate.open()
                connectionFailureOf { response.piece() }.kind shouldBe Kind.RESET
                connectionFailureOf { response.piece() }
            }
        }
    }

    test("a chunk that breaks off is RESET after what had come") {
        val gate = Gate("read")
        val reply = LoopbackReply.builder().head(200, "transfer-encoding: chunked").send("a\r\nfirst").await(gate).fin()
        probe(create, reply.build()) {
            transport.open(post()).use { response ->
                response.piece() shouldBe "first"
                gate.open()
                connectionFailureOf { response.text() }.kind shouldBe Kind.RESET
            }
        }
    }

    test("a body that nothing but the end of the connection ends") {
        val reply = LoopbackReply.builder().head(200, "content-type: text/plain").send("all of it").fin().build()
        probe(create, reply) {
            transport.open(post()).use { response ->
                if (traits.readsUnframedBodies) {
                    response.text() shouldBe "all of it"
                } else {
                    connectionFailureOf { response.text() }.isRetryable shouldBe false
                }
            }
        }
    }

    test("a chunked body without its last chunk") {
        val reply = LoopbackReply.builder().head(200, "transfer-encoding: chunked").chunk("first").fin().build()
        probe(create, reply) {
            transport.open(post()).use { response ->
                if (traits.seesMissingLastChunk) {
                    response.piece() shouldBe "first"
                    connectionFailureOf { response.text() }.kind shouldBe Kind.RESET
                } else {
                    response.text() shouldBe "first"
                }
            }
        }
    }
}

/** Connects until the kernel takes no more, so that the next connect hangs. */
private fun fillBacklog(server: ServerSocket): List<Socket> {
    val sockets = ArrayList<Socket>()
    repeat(20) {
        val socket = Socket()
        try {
            socket.connect(server.localSocketAddress, 100)
            sockets += socket
        } catch (_: java.io.IOException) {
            socket.close()
            return sockets
        }
    }
    throw AssertionError("The backlog took ${sockets.size} connections")
}
