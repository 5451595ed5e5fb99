package io.kompletion.testkit.contract

import io.kompletion.error.ConnectionException
import io.kompletion.testkit.contract.TransportProbe.Companion.connectionFailureOf
import io.kompletion.testkit.contract.TransportProbe.Companion.piece
import io.kompletion.testkit.contract.TransportProbe.Companion.probe
import io.kompletion.testkit.contract.TransportProbe.Companion.text
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kotest.core.spec.style.scopes.FunSpecContainerScope
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll

private val OK = LoopbackReply.fixed(200, "application/json", "{}")
private val FRAMING = setOf("host", "content-length", "connection")

/** One request and one whole answer. */
internal suspend fun FunSpecContainerScope.exchangeTests(traits: TransportTraits, create: () -> HttpTransport) {
    test("carries status, repeated headers and every byte value of the body unchanged") {
        val bytes = ByteArray(70_000) { it.toByte() }
        probe(create, LoopbackReply.fixed(201, "image/png", bytes, "X-Twice: a", "X-Twice: b")) {
            transport.open(get()).use { response ->
                response.status shouldBe 201
                response.headers["content-type"] shouldBe "image/png"
                response.headers.all("x-twice") shouldBe listOf("a", "b")
                val all = ArrayList<Byte>()
                val buffer = ByteArray(1000)
                while (true) {
                    val count = response.read(buffer, 7, 900)
                    if (count < 0) break
                    for (i in 7 until 7 + count) all += buffer[i]
                }
                all.toByteArray() shouldBe bytes
            }
        }
    }

    test("sends method, target, headers and body exactly as asked, and no header more than HTTP needs") {
        val headers = WireHeaders.builder().add("authorization", "Bearer k").add("content-type", "application/json;x=1")
            .add("x-goog-api-key", "a b\tc").build()
        val body = ByteArray(3000) { (it * 7).toByte() }
        probe(create, OK) {
            val target = "/v1/models/a%2Fb:stream/c%20d?alt=sse&q=%7B1%7D"
            transport.open(WireRequest("POST", server.url + target, headers, body)).use { it.text() }
            val seen = server.requests.single()
            seen.method shouldBe "POST"
            seen.target shouldBe target
            seen.body shouldBe body
            seen.header("content-length") shouldBe "3000"
            seen.header("host") shouldBe "127.0.0.1:${server.port}"
            val own = seen.headerLines.filter { it.substringBefore(':').lowercase() !in FRAMING }
            own.map {
                it.substringBefore(':').lowercase() + it.substring(it.indexOf(':'))
            } shouldContainExactlyInAnyOrder
                listOf("authorization: Bearer k", "content-type: application/json;x=1", "x-goog-api-key: a b\tc")
        }
    }

    test("sends a GET without a body and a POST without one as an empty one") {
        probe(create, OK) {
            transport.open(get()).use { it.text() }
            transport.open(WireRequest("POST", server.url, TransportProbe.HEADERS)).use { it.text() }
            transport.open(WireRequest("DELETE", server.url + "/files/1", TransportProbe.HEADERS)).use { it.text() }
            server.requests.map { it.method to it.header("content-length") } shouldBe
                listOf("GET" to null, "POST" to "0", "DELETE" to server.requests[2].header("content-length"))
        }
    }

    test("ends an empty body at once") {
        val noContent = LoopbackReply.builder().head(204).build()
        probe(create, noContent, LoopbackReply.fixed(200, "text/plain", "")) {
            repeat(2) { transport.open(post()).use { it.piece() shouldBe null } }
        }
    }

    test("gives back every status as it is, without a repeat and with its Retry-After") {
        val statuses = listOf(400, 401, 404, 408, 421, 429, 500, 503)
        val replies = statuses.map { LoopbackReply.fixed(it, "application/json", "{\"s\":$it}", "Retry-After: 0") }
        probe(create, *replies.toTypedArray()) {
            for (status in statuses) {
                transport.open(post()).use { response ->
                    response.status shouldBe status
                    response.headers["retry-after"] shouldBe "0"
                    response.text() shouldBe "{\"s\":$status}"
                }
            }
            server.requestCount shouldBe statuses.size
        }
    }

    test("follows no redirect") {
        LoopbackServer.start(OK).use { other ->
            val moved = LoopbackReply.fixed(307, "text/plain", "moved", "Location: ${other.url}/elsewhere")
            probe(create, moved) {
                for (request in listOf(post(), get())) {
                    transport.open(request).use { response ->
                        response.status shouldBe 307
                        response.headers["location"] shouldBe "${other.url}/elsewhere"
                    }
                }
                other.connectionCount shouldBe 0
            }
        }
    }

    test("10 POSTs one after the other") {
        probe(create, OK) {
            repeat(10) { call() shouldBe "{}" }
            server.requestCount shouldBe 10
            server.connectionCount shouldBe if (traits.reusesConnections) 1 else 10
        }
    }

    test("200 calls from 20 coroutines do not mix") {
        val echo = LoopbackServer.start { LoopbackReply.fixed(200, "text/plain", it.bodyText) }
        probe(create, echo) { scope ->
            val calls = List(20) { worker ->
                scope.async {
                    repeat(10) { round ->
                        val body = "$worker/$round".encodeToByteArray()
                        transport.open(post(body)).use { it.text() } shouldBe "$worker/$round"
                    }
                }
            }
            calls.awaitAll()
            server.requestCount shouldBe 200
        }
    }

    for (interim in listOf("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")) {
        test("the interim answer ${interim.substring(9, 12)}") {
            probe(create, LoopbackReply.builder().send(interim).steps(OK.steps).build()) {
                if (traits.skipsInterimAnswers) {
                    call() shouldBe "{}"
                } else {
                    val failure = connectionFailureOf { call() }
                    failure.kind shouldBe ConnectionException.Kind.OTHER
                    failure.isRetryable shouldBe true
                }
            }
        }
    }

    test("a header line of 32 KiB") {
        val long = "x".repeat(32 * 1024)
        probe(create, LoopbackReply.fixed(200, "text/plain", "ok", "X-Long: $long")) {
            if (traits.takesLongHeaderLines) {
                transport.open(post()).use { it.headers["x-long"] shouldBe long }
            } else {
                connectionFailureOf { call() }.isRetryable shouldBe false
            }
        }
    }

    test("reads the answer that comes while 5 MB are still being sent") {
        val server = LoopbackServer.builder().answerBeforeBody()
            .start(LoopbackReply.fixed(413, "application/json", "{\"error\":\"too large\"}", "Connection: close"))
        probe(create, server) {
            val upload = post(ByteArray(5_000_000))
            if (traits.seesEarlyAnswers) {
                transport.open(upload).use { it.status shouldBe 413 }
            } else {
                connectionFailureOf { transport.open(upload).close() }
            }
        }
    }
}
