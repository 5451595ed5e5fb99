package io.kompletion.java

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.error.KompletionException
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.transport.HttpTransport
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.comparables.shouldBeLessThanOrEqualTo
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.future.await
import kotlinx.coroutines.jdk9.asFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * Thousands of calls in both languages and over both transports, against servers that fail at random and by callers that
 * give up at random, leave nothing behind: no socket, no coroutine, no thread, no memory. 500 calls, with `-Pslow` 10,000.
 */
class SoakTest : FunSpec({
    val slow = System.getProperty("kompletion.slow") == "true"

    test("nothing is left of calls that fail or are given up").config(timeout = LIMIT) {
        val calls = if (slow) SLOW_CALLS else CALLS
        val threads = Threads.now()
        val figures = SoakFigures()
        val transports = Transports.entries.map { it.create() }
        try {
            repeat(BATCHES) { batch ->
                for (transport in transports) soak(transport, batch, calls / BATCHES / transports.size, figures)
                figures.heap += usedHeap()
            }
        } finally {
            transports.forEach { it.close() }
        }
        eventually(10.seconds) { Threads.now().newSince(threads) shouldBe emptyMap() }
        println("soak: $figures, ${Threads.now().shared} threads of shared pools, 0 of its own")
        figures.calls shouldBe calls
        figures.succeeded.get() shouldBeGreaterThan calls / 10
        figures.failed.get() shouldBeGreaterThan calls / 10
        figures.heap.last() shouldBeLessThan figures.heap[1] + HEAP_SLACK
        Threads.now().shared shouldBeLessThanOrEqualTo MOST_SHARED
    }

    test("the count of what is under way counts") {
        LoopbackServer.start(io.kompletion.testkit.server.LoopbackReply.builder().hold().build()).use { server ->
            for (transports in Transports.entries) {
                transports.create().use { transport ->
                    soakClient(transport, server).use { llm ->
                        val java = KompletionClient.of(llm)
                        val answer = java.chat(soakRequest)
                        eventually(5.seconds) { LiveWork.of(java, transport) shouldBeGreaterThan 1 }
                        answer.cancel(true)
                        eventually(5.seconds) { LiveWork.of(java, transport) shouldBe 0 }
                    }
                }
            }
        }
    }
})

private const val CALLS = 500
private const val SLOW_CALLS = 10_000
private const val BATCHES = 5
private const val AT_ONCE = 16
private const val HEAP_SLACK = 8L shl 20
private val LIMIT = 1200.seconds

/** As many as the two pools of coroutines have at most, and a few of OkHttp's. */
private const val MOST_SHARED = 80

private val short: Duration = Duration.ofMillis(250)
private val soakRequest = ChatCompletionRequest("openai/gpt-4o-mini") { user("Hello") }

private fun soakClient(transport: HttpTransport, server: LoopbackServer, more: KompletionBuilder.() -> Unit = {}) =
    Kompletion {
        environment(emptyMap())
        transport(transport)
        provider("openai") {
            apiKey("sk-test")
            baseUrl = server.url + "/v1"
        }
        more()
    }

private suspend fun soak(transport: HttpTransport, batch: Int, calls: Int, figures: SoakFigures) {
    val faults = SoakFaults(batch)
    LoopbackServer.start { faults.reply(it) }.use { server ->
        val client = soakClient(transport, server) {
            timeouts {
                firstChunk = short
                idle = short
                total = short.multipliedBy(4)
            }
            retry {
                maxRetries = 1
                retryDelay = Duration.ofMillis(2)
            }
        }
        client.use { llm ->
            val java = KompletionClient.of(llm)
            val next = AtomicInteger()
            coroutineScope {
                repeat(AT_ONCE) { worker ->
                    val random = Random(batch * AT_ONCE + worker)
                    launch(Dispatchers.Default) {
                        while (next.getAndIncrement() < calls) figures.count { oneCall(llm, java, random) }
                    }
                }
            }
            eventually(5.seconds) { LiveWork.of(java, transport) shouldBe 0 }
        }
        figures.connections += server.connectionCount
        // What OkHttp keeps for the next call is idle: it closes with its server. Nothing else may be open.
        eventually(5.seconds) {
            server.connections.filter { it.isOpen && it.requests.lastOrNull()?.isAnswered != true }.shouldBeEmpty()
        }
    }
}

/** One call of a random kind; null when it was given up. */
private suspend fun oneCall(llm: Kompletion, java: KompletionClient, random: Random): Unit? {
    val patience = random.nextInt(1, 60).milliseconds
    return when (random.nextInt(10)) {
        0 -> llm.chat(soakRequest).let {}
        1 -> llm.chatStream(soakRequest).collect()
        2 -> java.chat(soakRequest).await().let {}
        3 -> java.chatStream(soakRequest).asFlow().collect()
        4 -> runInterruptible(CallerThreads) { java.blocking().chat(soakRequest) }.let {}
        5 -> runInterruptible(CallerThreads) { java.blocking().chatStream(soakRequest).use { it.finalResponse() } }.let {}
        6 -> withTimeoutOrNull(patience) { llm.chatStream(soakRequest).collect() }
        7 -> llm.chatStream(soakRequest).take(random.nextInt(1, 4)).collect()
        8 -> java.chatStream(soakRequest).asFlow().take(random.nextInt(1, 4)).collect()
        else -> withTimeoutOrNull(patience) { runInterruptible(CallerThreads) { java.blocking().chat(soakRequest) } }?.let {}
    }
}

/** Used heap after collections, in bytes. */
private suspend fun usedHeap(): Long {
    var least = Long.MAX_VALUE
    repeat(4) {
        System.gc()
        delay(30)
        least = minOf(least, Runtime.getRuntime().run { totalMemory() - freeMemory() })
    }
    return least
}

private class SoakFigures {
    val succeeded = AtomicInteger()
    val failed = AtomicInteger()
    private val givenUp = AtomicInteger()
    val heap = ArrayList<Long>()
    var connections = 0
    private val start = System.nanoTime()

    val calls: Int get() = succeeded.get() + failed.get() + givenUp.get()

    /** Whatever else a call throws fails the test. */
    suspend fun count(call: suspend () -> Unit?) {
        try {
            withTimeout(MOST_SECONDS.seconds) { call() }.let { if (it == null) givenUp else succeeded }.incrementAndGet()
        } catch (_: KompletionException) {
            failed.incrementAndGet()
        } catch (e: kotlinx.coroutines.TimeoutCancellationException) {
            throw AssertionError("a call hangs", e)
        } catch (_: CancellationException) {
            givenUp.incrementAndGet()
        }
    }

    override fun toString(): String {
        val seconds = (System.nanoTime() - start) / 1_000_000_000
        val heaps = heap.joinToString(" → ") { "%.1f".format(it / MEBIBYTE) }
        return "$calls calls (${succeeded.get()} answered, ${failed.get()} failed, ${givenUp.get()} given up) in $seconds s, " +
            "$connections connections, 0 open, 0 coroutines, heap $heaps MiB"
    }

    private companion object {
        const val MEBIBYTE = 1048576.0
        const val MOST_SECONDS = 20
    }
}
