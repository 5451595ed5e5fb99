package io.kompletion.java

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.listen.CallEvent
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.transport.HttpTransport
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.time.Duration
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds

/**
 * Whoever gives a call up closes its socket at once, in whatever way and at whatever moment: measured from giving up to
 * the moment when the server sees the connection end. 100 rounds of each way, with `-Pslow` 1,000.
 */
class CancelTest : FunSpec({
    val rounds = if (System.getProperty("kompletion.slow") == "true") SLOW_ROUNDS else ROUNDS

    for (transports in Transports.entries) {
        test("$transports: every way to give up closes the socket within 100 ms") {
            val all = Latencies()
            transports.create().use { transport ->
                for (way in cancelWays) {
                    val latencies = Latencies()
                    CancelWorld(transport, way.reply).use { world ->
                        withClue(way.name) { repeat(rounds) { latencies.add(world.round(way)) } }
                        world.server.awaitNoOpenConnections()
                    }
                    println("cancel: $transports, ${way.name}: $latencies")
                    all.addAll(latencies)
                }
            }
            println("cancel: $transports, all ways: $all, 0 connections left open")
            all.percentile(99) shouldBeLessThan LIMIT
        }

        test("$transports: giving up in the TLS handshake closes the socket within 100 ms") {
            val latencies = Latencies()
            SilentPeer().use { peer ->
                client(transports, "https://127.0.0.1:${peer.port}/v1").use { client ->
                    repeat(rounds) {
                        val connection = coroutineScope {
                            val before = peer.accepted
                            val call = launch(Dispatchers.Default) { client.llm.chat(request) }
                            val connection = peer.awaitConnection(before)
                            connection.givenUp = ended(call)
                            connection
                        }
                        latencies.add(connection.awaitEnd() - connection.givenUp)
                    }
                }
            }
            println("cancel: $transports, in the TLS handshake: $latencies")
            latencies.percentile(99) shouldBeLessThan LIMIT
        }

        test("$transports: giving up while nobody accepts returns at once and leaves no socket that still connects") {
            val returned = Latencies()
            val closed = Latencies()
            FullBacklog().use { host ->
                client(transports, "http://127.0.0.1:${host.port}/v1").use { client ->
                    repeat(rounds / CONNECTS_PART) {
                        coroutineScope {
                            val call = launch(Dispatchers.Default) { client.llm.chat(request) }
                            host.awaitConnecting(true)
                            val at = ended(call)
                            returned.add(System.nanoTime() - at)
                            host.awaitConnecting(false)
                            closed.add(System.nanoTime() - at)
                        }
                    }
                }
            }
            println("cancel: $transports, while connecting: $returned to return; no socket: $closed")
            returned.percentile(99) shouldBeLessThan LIMIT
            closed.percentile(99) shouldBeLessThan CONNECTING_LIMIT
        }

        test("$transports: giving up in the very moment of connecting leaves no connection") {
            LoopbackServer.start(LoopbackReply.builder().hold().build()).use { server ->
                client(transports, server.url + "/v1").use { client ->
                    val random = Random(SEED)
                    repeat(rounds * MOMENTS) {
                        coroutineScope {
                            val call = launch(Dispatchers.Default) { client.llm.chat(request) }
                            val until = System.nanoTime() + random.nextLong(LONGEST_CONNECT_NANOS)
                            while (System.nanoTime() < until) Thread.onSpinWait()
                            ended(call)
                        }
                    }
                }
                server.awaitNoOpenConnections()
                println("cancel: $transports, while connecting: ${server.connectionCount} connections, 0 left open")
            }
        }

        test("$transports: giving up in the pause before a retry returns at once, and nothing more is sent") {
            val latencies = Latencies()
            val busy = LoopbackReply.fixed(503, "application/json", "{}", "retry-after: 20", "connection: close")
            LoopbackServer.start(busy).use { server ->
                transports.create().use { transport ->
                    // A client each: one that only ever fails soon stops to retry.
                    repeat(rounds) { latencies.add(givenUpInPause(transport, server)) }
                }
                server.awaitNoOpenConnections()
                server.requestCount shouldBe rounds
            }
            println("cancel: $transports, in the pause before a retry: $latencies")
            latencies.percentile(99) shouldBeLessThan LIMIT
        }
    }
})

private val LIMIT: Duration = Duration.ofMillis(100)
private const val ROUNDS = 100
private const val SLOW_ROUNDS = 1_000

/** One in so many rounds connects to nobody, which takes CIO half a second. */
private const val CONNECTS_PART = 5

/**
 * No server sees a socket that was still connecting. CIO's selector lets go of it when it wakes up the next time, half a
 * second later.
 */
private val CONNECTING_LIMIT: Duration = Duration.ofSeconds(2)

/** On the loopback a connection stands after some hundred microseconds. */
private const val LONGEST_CONNECT_NANOS = 1_500_000L
private const val MOMENTS = 20
private const val SEED = 4
private val request = ChatCompletionRequest("openai/gpt-4o-mini") { user("Hello") }

private suspend fun CancelWorld.round(way: CancelWay): Long {
    while (true) {
        val before = server.connectionCount
        val at = way.run(this)
        // A time limit may run out before the connection stands.
        val connection = server.connections.getOrNull(before) ?: continue
        return connection.awaitClientClose().nanoTime - at
    }
}

private suspend fun givenUpInPause(transport: HttpTransport, server: LoopbackServer): Long = coroutineScope {
    val pauses = CompletableDeferred<Unit>()
    client(transport, server.url + "/v1") { listener { if (it is CallEvent.AttemptFailed) pauses.complete(Unit) } }.use {
        val call = launch(Dispatchers.Default) { it.chat(request) }
        pauses.await()
        delay(1.milliseconds)
        val at = ended(call)
        System.nanoTime() - at
    }
}

private class OwnClient(val llm: Kompletion, private val transport: HttpTransport) : AutoCloseable {
    override fun close() {
        llm.close()
        transport.close()
    }
}

private fun client(transports: Transports, url: String): OwnClient =
    transports.create().let { OwnClient(client(it, url), it) }

private fun client(transport: HttpTransport, url: String, more: KompletionBuilder.() -> Unit = {}) = Kompletion {
    environment(emptyMap())
    transport(transport)
    provider("openai") {
        apiKey("sk-test")
        baseUrl = url
    }
    more()
}
