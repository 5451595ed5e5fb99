package io.kompletion.testkit.contract

import io.kompletion.error.ConnectionException
import io.kompletion.testkit.contract.TransportProbe.Companion.connectionFailureOf
import io.kompletion.testkit.contract.TransportProbe.Companion.piece
import io.kompletion.testkit.contract.TransportProbe.Companion.probe
import io.kompletion.testkit.server.Gate
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.Step
import io.kompletion.transport.HttpTransport
import io.kotest.core.spec.style.scopes.FunSpecContainerScope
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds

private val SECOND: Duration = Duration.ofSeconds(1)

/** Exchanges that end before the answer does. */
internal suspend fun FunSpecContainerScope.endTests(create: () -> HttpTransport) {
    val silent = LoopbackReply.builder().hold().build()
    val torrent = LoopbackReply.builder().head(200, "transfer-encoding: chunked")
        .repeat(Long.MAX_VALUE, Step.Chunk(ByteArray(1 shl 16))).build()
    val stalled = LoopbackReply.builder().head(200, "transfer-encoding: chunked").chunk("first").hold().build()

    test("cancelling while the head is awaited closes the socket, and the cancellation passes untouched") {
        probe(create, silent) { scope ->
            val seen = CompletableDeferred<Throwable>()
            val call = scope.launch(Dispatchers.Default) {
                try {
                    transport.open(post())
                } catch (e: CancellationException) {
                    seen.complete(e)
                    throw e
                }
            }
            server.awaitRequests(1)
            call.cancel(CancellationException("mine"))
            server.connections.single().awaitClientClose(SECOND)
            call.join()
            seen.await().message shouldBe "mine"
        }
    }

    test("cancelling while a byte is awaited closes the socket, and the cancellation passes untouched") {
        probe(create, stalled) { scope ->
            val reading = CompletableDeferred<Unit>()
            val seen = CompletableDeferred<Throwable>()
            val call = scope.launch(Dispatchers.Default) {
                val response = transport.open(post())
                response.piece() shouldBe "first"
                reading.complete(Unit)
                try {
                    response.piece()
                } catch (e: CancellationException) {
                    seen.complete(e)
                    throw e
                }
            }
            reading.await()
            call.cancel(CancellationException("mine"))
            server.connections.single().awaitClientClose(SECOND)
            call.join()
            seen.await().message shouldBe "mine"
        }
    }

    test("a caller's own time limit closes the socket") {
        probe(create, silent) {
            withTimeoutOrNull(200.milliseconds) { transport.open(post()) } shouldBe null
            server.connections.forEach { it.awaitClientClose(SECOND) }
        }
    }

    test("closing an exchange in the middle closes the socket, twice does no harm, and a read then fails") {
        probe(create, stalled) {
            val response = transport.open(post())
            response.piece() shouldBe "first"
            response.close()
            response.close()
            server.connections.single().awaitClientClose(SECOND)
            connectionFailureOf { response.piece() }.kind shouldBe ConnectionException.Kind.CLIENT_CLOSED
        }
    }

    test("closing exchanges whose server goes on sending closes their sockets") {
        probe(create, torrent) {
            repeat(20) {
                val response = transport.open(post())
                repeat(it) { response.piece() }
                response.close()
            }
            server.connections.forEach { it.awaitClientClose(SECOND) }
            server.awaitNoOpenConnections(Duration.ofSeconds(5))
        }
    }

    test("closing an exchange from outside ends a read that waits") {
        probe(create, stalled) { scope ->
            val response = transport.open(post())
            response.piece() shouldBe "first"
            val waiting = scope.async(Dispatchers.Default) { connectionFailureOf { response.piece() } }
            withTimeoutOrNull(100.milliseconds) { waiting.join() } shouldBe null
            response.close()
            waiting.await().kind shouldBe ConnectionException.Kind.CLIENT_CLOSED
        }
    }

    test("closing the transport ends what runs, in open and in read, and refuses what comes") {
        val gate = Gate("never")
        val replies = arrayOf(stalled, LoopbackReply.builder().await(gate).build())
        probe(create, *replies) { scope ->
            val response = transport.open(post())
            response.piece() shouldBe "first"
            val reading = scope.async(Dispatchers.Default) { connectionFailureOf { response.piece() } }
            val opening = scope.async(Dispatchers.Default) { connectionFailureOf { transport.open(post()) } }
            gate.awaitReached()
            transport.close()
            reading.await().kind shouldBe ConnectionException.Kind.CLIENT_CLOSED
            opening.await().kind shouldBe ConnectionException.Kind.CLIENT_CLOSED
            connectionFailureOf { transport.open(post()) }.kind shouldBe ConnectionException.Kind.CLIENT_CLOSED
            transport.close()
            server.connections.forEach { it.awaitClientClose(SECOND) }
        }
    }

    test("a transport goes on after a hundred cancelled calls and leaves no connection open") {
        val replies = List(100) { silent } + LoopbackReply.fixed(200, "text/plain", "still here")
        probe(create, *replies.toTypedArray()) { scope ->
            val calls = List(100) { scope.launch(Dispatchers.Default) { transport.open(post()) } }
            server.awaitRequests(100)
            calls.forEach { it.cancelAndJoin() }
            call() shouldBe "still here"
            server.connections.take(100).forEach { it.awaitClientClose(SECOND) }
        }
    }
}
