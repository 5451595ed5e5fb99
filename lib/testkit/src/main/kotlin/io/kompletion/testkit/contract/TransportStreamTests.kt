package io.kompletion.testkit.contract

import io.kompletion.testkit.contract.TransportProbe.Companion.SHORT
import io.kompletion.testkit.contract.TransportProbe.Companion.piece
import io.kompletion.testkit.contract.TransportProbe.Companion.probe
import io.kompletion.testkit.contract.TransportProbe.Companion.text
import io.kompletion.testkit.server.Gate
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.Step
import io.kompletion.transport.HttpTransport
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.scopes.FunSpecContainerScope
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll

private const val SSE = "content-type: text/event-stream"
private const val CHUNKED = "transfer-encoding: chunked"

/** An answer that comes in pieces. */
internal suspend fun FunSpecContainerScope.streamTests(traits: TransportTraits, create: () -> HttpTransport) {
    test("hands over the head before the first byte and each piece before the next one is sent") {
        val gates = List(3) { Gate("piece $it") }
        val reply = LoopbackReply.builder().head(200, SSE, CHUNKED)
            .await(gates[0]).chunk("data: 1\n\n")
            .await(gates[1]).chunk("d")
            .await(gates[2]).chunk("ata: 2\n\n").lastChunk().build()
        probe(create, reply) {
            transport.open(post()).use { response ->
                response.headers["content-type"] shouldBe "text/event-stream"
                gates[0].open()
                response.piece() shouldBe "data: 1\n\n"
                gates[1].open()
                response.piece() shouldBe "d"
                gates[2].open()
                response.text() shouldBe "ata: 2\n\n"
                response.piece() shouldBe null
            }
        }
    }

    test("a stream in 1-byte, 7-byte and whole writes reads the same") {
        val body = List(400) { "data: {\"n\":$it,\"t\":\"é\"}\n\n" }.joinToString("").encodeToByteArray()
        for (size in listOf(1, 7, body.size)) {
            val reply = LoopbackReply.builder().head(200, SSE, "content-length: ${body.size}").drip(body, size).build()
            probe(create, reply) {
                transport.open(post()).use { response ->
                    val all = ByteArray(body.size)
                    var filled = 0
                    while (true) {
                        val count = response.read(
                            all,
                            filled,
                            maxOf(1, all.size - filled).coerceAtMost(all.size - filled),
                        )
                        if (count <= 0) break
                        filled += count
                    }
                    all shouldBe body
                }
            }
        }
    }

    test("${traits.heldStreams} streams are open at once without configuration") {
        val gate = Gate("all open")
        val reply = LoopbackReply.builder().head(200, SSE, CHUNKED).chunk("first").await(gate).chunk("last").lastChunk()
        probe(create, reply.build()) { scope ->
            val streams = List(traits.heldStreams) {
                scope.async {
                    transport.open(post()).also {
                        it.piece() shouldBe
                            "first"
                    }
                }
            }
            val open = streams.awaitAll()
            server.openConnectionCount shouldBe traits.heldStreams
            gate.open()
            open.map { scope.async { it.use { stream -> stream.text() } } }.awaitAll().forEach { it shouldBe "last" }
        }
    }

    test("a reader that stops stops the server") {
        val end = Gate("everything sent")
        val piece = Step.Send(ByteArray(1 shl 16))
        val reply = LoopbackReply.builder().head(200, SSE, "content-length: ${1024L shl 16}")
            .repeat(1024, piece).await(end).build()
        probe(create, reply) {
            transport.open(post()).use { response ->
                response.read(ByteArray(10), 0, 10)
                shouldThrow<AssertionError> { end.awaitReached(SHORT) }
                val sent = server.requests.single().bytesSent
                (sent < (512L shl 16)) shouldBe true
            }
        }
    }
}
