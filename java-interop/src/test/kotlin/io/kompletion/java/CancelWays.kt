package io.kompletion.java

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.RetryConfiguration
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.transport.HttpTransport
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.CountDownLatch
import kotlin.random.Random
import kotlin.time.Duration.Companion.microseconds

/** A server that stops answering somewhere, and clients of both languages that ask it. */
internal class CancelWorld(val transport: HttpTransport, reply: LoopbackReply) : AutoCloseable {
    val server: LoopbackServer = LoopbackServer.start(reply)
    val client: Kompletion = newClient()
    val java: KompletionClient = KompletionClient.of(client)
    private val random = Random(SEED)

    fun newClient(): Kompletion = Kompletion.builder().environment(emptyMap()).transport(transport)
        .retry(RetryConfiguration.NONE)
        .provider("openai") {
            apiKey("sk-test")
            baseUrl = server.url + "/v1"
        }
        .build()

    val request: ChatCompletionRequest = ChatCompletionRequest("openai/gpt-4o-mini") { user("Hello") }

    /** Returns some moment after one request more than [before] has been read. */
    suspend fun asked(before: Int) {
        server.awaitRequests(before + 1)
        delay(random.nextInt(MOST_MICROS).microseconds)
    }

    override fun close() {
        client.close()
        server.close()
    }

    private companion object {
        const val SEED = 41
        const val MOST_MICROS = 2_000
    }
}

/** One way to give up a call: [run] makes a call, gives it up, and says when, by `System.nanoTime()`. */
internal class CancelWay(val name: String, val reply: LoopbackReply, val run: suspend CancelWorld.() -> Long)

private val head = arrayOf("content-type: text/event-stream", "transfer-encoding: chunked")
private const val EVENT = "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"one\"}}]}\n\n"
private val silence = LoopbackReply.builder().hold().build()
private val headOnly = LoopbackReply.builder().head(200, *head).hold().build()
private val oneEvent = LoopbackReply.builder().head(200, *head).chunk(EVENT).hold().build()
private val halfAnswer = LoopbackReply.builder()
    .head(200, "content-type: application/json", "content-length: 1000").send("{\"id\":\"1\",").hold().build()

internal val cancelWays: List<CancelWay> = listOf(
    CancelWay("coroutine, in the middle of a stream", oneEvent) { cancelStream(waitsForChunk = true) },
    CancelWay("coroutine, before the first event", headOnly) { cancelStream(waitsForChunk = false) },
    CancelWay("coroutine, before the head", silence) { cancelStream(waitsForChunk = false) },
    CancelWay("coroutine, in a whole answer", halfAnswer) { cancelWhole() },
    CancelWay("take(1)", oneEvent) {
        var at = 0L
        client.chatStream(request).onEach { at = System.nanoTime() }.take(1).collect {}
        at
    },
    CancelWay("withTimeout", oneEvent) {
        val end = CompletableDeferred<Long>()
        withTimeoutOrNull(TIMEOUT_MILLIS) {
            end.complete(System.nanoTime() + TIMEOUT_MILLIS * NANOS_PER_MILLI)
            client.chatStream(request).collect {}
        }
        end.await()
    },
    CancelWay("CompletableFuture.cancel", halfAnswer) {
        val before = server.requestCount
        val future = java.chat(request)
        asked(before)
        System.nanoTime().also { future.cancel(true) }
    },
    CancelWay("Subscription.cancel", oneEvent) {
        val subscriber = OneAtATime()
        java.chatStream(request).subscribe(subscriber)
        subscriber.awaitFirst()
        System.nanoTime().also { subscriber.subscription.cancel() }
    },
    CancelWay("interrupt of a blocking stream", oneEvent) {
        val reached = CountDownLatch(1)
        interrupted(reached::await) {
            java.blocking().chatStream(request).use { stream -> for (chunk in stream) reached.countDown() }
        }
    },
    CancelWay("interrupt of a blocking call", halfAnswer) {
        val before = server.requestCount
        interrupted({ server.awaitRequests(before + 1) }) { java.blocking().chat(request) }
    },
    CancelWay("ChatStream.close", oneEvent) {
        val stream = java.blocking().chatStream(request)
        stream.iterator().next()
        System.nanoTime().also { stream.close() }
    },
    CancelWay("client.close", oneEvent) {
        val own = newClient()
        val reached = CompletableDeferred<Unit>()
        coroutineScope {
            val call = launch(Dispatchers.Default) {
                try {
                    own.chatStream(request).collect { reached.complete(Unit) }
                } catch (_: io.kompletion.error.ConnectionException) {
                    // Of kind CLIENT_CLOSED, as CancellationContract sees to.
                }
            }
            reached.await()
            System.nanoTime().also {
                own.close()
                call.join()
            }
        }
    },
)

private const val TIMEOUT_MILLIS = 25L
internal const val NANOS_PER_MILLI = 1_000_000L

private suspend fun CancelWorld.cancelStream(waitsForChunk: Boolean): Long = coroutineScope {
    val before = server.requestCount
    val reached = CompletableDeferred<Unit>()
    val call = launch(Dispatchers.Default) { client.chatStream(request).collect { reached.complete(Unit) } }
    if (waitsForChunk) reached.await() else asked(before)
    ended(call)
}

private suspend fun CancelWorld.cancelWhole(): Long = coroutineScope {
    val before = server.requestCount
    val call = launch(Dispatchers.Default) { client.chat(request) }
    asked(before)
    ended(call)
}

/** Cancels [call] and waits for it to end; when it was cancelled. */
internal suspend fun CoroutineScope.ended(call: kotlinx.coroutines.Job): Long {
    val at = System.nanoTime()
    call.cancel()
    joinAll(call)
    return at
}

/** Interrupts a thread that is in [call], once [ready] returns; when. */
private fun interrupted(ready: () -> Unit, call: () -> Unit): Long {
    val waiter = Waiter<Unit> { call() }
    ready()
    waiter.awaitParked()
    val at = System.nanoTime()
    waiter.interrupt()
    check(waiter.failure() is java.util.concurrent.CancellationException) { "the interrupt was not heard" }
    return at
}
