package io.kompletion.java

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.error.KompletionException
import io.kompletion.error.TimeoutException
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import java.lang.management.ManagementFactory
import java.time.Duration
import java.util.concurrent.atomic.AtomicLong
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.seconds

/**
 * Asks a server that floods, on a small heap: one line to the output for each flood, with what became of the call and the
 * most heap that was in use. Arguments: transport, base URL, floods.
 */
internal object FloodMain {
    @JvmStatic
    fun main(arguments: Array<String>) {
        thread(isDaemon = true, name = "heap") { watchHeap() }
        Transports.valueOf(arguments[0]).create().use { transport ->
            for (flood in arguments.drop(2)) {
                val client = Kompletion {
                    environment(emptyMap())
                    transport(transport)
                    provider("openai") {
                        apiKey("sk-test")
                        baseUrl = "${arguments[1]}/$flood"
                    }
                    settings()
                }
                peak.set(0)
                val outcome = client.use { outcome(it, flood) }
                println("$flood|$outcome|${peak.get()}")
            }
        }
        // Nothing that was abandoned may hold the process.
        System.exit(0)
    }

    private fun KompletionBuilder.settings() {
        retry { enabled = false }
        timeouts {
            firstChunk = Duration.ofSeconds(3)
            idle = Duration.ofSeconds(20)
            total = Duration.ofSeconds(60)
        }
    }

    private fun outcome(llm: Kompletion, flood: String): String = try {
        runBlocking {
            when {
                flood.startsWith("held") -> held(llm, flood)
                flood.startsWith("whole") -> llm.chat(request).let { "answer" }
                else -> llm.chatStream(request).collect().let { "answer" }
            }
        }
    } catch (e: TimeoutException) {
        "timeout.${e.kind}"
    } catch (e: KompletionException) {
        e.code ?: "${e.javaClass.simpleName} ${e.status ?: ""}".trim()
    } catch (e: OutOfMemoryError) {
        "OutOfMemoryError"
    }

    /** Takes one chunk and then nothing for a while. */
    private suspend fun held(llm: Kompletion, flood: String): String {
        if (flood == "held-by-a-subscriber") {
            val subscriber = OneAtATime()
            KompletionClient.of(llm).chatStream(request).subscribe(subscriber)
            subscriber.awaitFirst()
            delay(HOLD)
            subscriber.subscription.cancel()
            return "held after ${subscriber.received}"
        }
        withTimeoutOrNull(HOLD) { llm.chatStream(request).collect { kotlinx.coroutines.awaitCancellation() } }
        return "held after 1"
    }

    private val request = ChatCompletionRequest("openai/gpt-4o-mini") { user("Hello") }
    private val HOLD = 3.seconds
    private val peak = AtomicLong()

    /** Garbage included. */
    private fun watchHeap() {
        val memory = ManagementFactory.getMemoryMXBean()
        while (true) {
            val used = memory.heapMemoryUsage.used
            peak.accumulateAndGet(used, ::maxOf)
            Thread.sleep(1)
        }
    }
}
