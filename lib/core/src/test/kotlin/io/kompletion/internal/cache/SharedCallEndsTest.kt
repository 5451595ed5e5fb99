package io.kompletion.internal.cache

import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.Attempt
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.error.ConnectionException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.TimeoutException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import java.time.Duration
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger

private fun limited() = RateLimitedException(
    "too many",
    ErrorDetails.builder().status(429).attempts(listOf(Attempt("p", "m", 429))).build(),
)

/** Each way in which an upstream can end. */
private val ENDS: Map<String, Upstream> = mapOf(
    "success" to { emit ->
        emit(AssistantMessageDeltaChunk("a"))
        delay(10)
        answer("a")
    },
    "error before the first chunk" to { _ ->
        delay(10)
        throw limited()
    },
    "error after it" to { emit ->
        emit(AssistantMessageDeltaChunk("a"))
        delay(10)
        throw limited()
    },
    "error that is none of the library's" to { _ ->
        delay(10)
        throw IllegalStateException("mine")
    },
    "timeout" to { emit ->
        emit(AssistantMessageDeltaChunk("a"))
        withTimeoutOrNull(50) { awaitCancellation() }
        throw TimeoutException("idle", TimeoutException.Kind.IDLE)
    },
    "cancellation of its own" to { _ ->
        delay(10)
        throw CancellationException("mine")
    },
)

@OptIn(ExperimentalCoroutinesApi::class)
class SharedCallEndsTest : FunSpec({
    for ((name, upstream) in ENDS) {
        test("$name leaves nothing behind") {
            runTest {
                val parent = Job()
                val cache = AnswerCache(cachePolicy(), null, null, { 0 }, parent)
                val ends = List(3) {
                    apart { cache.through(call(isStreaming = true), {}, upstream) }.also { it.join() }
                        .getCompletionExceptionOrNull()
                }
                val together = List(3) { apart { cache.through(call("b", isStreaming = true), {}, upstream) } }
                together.joinAll()
                together.map { it.getCompletionExceptionOrNull()?.javaClass }.toSet() shouldBe
                    ends.map { it?.javaClass }.toSet()
                cache.runningCalls shouldBe 0
                cache.waitingCalls shouldBe 0
                parent.children.single().children.toList() shouldHaveSize 0
            }
        }
    }

    test("a failure reaches all, each with an exception of its own that says the same") {
        runTest {
            val cache = cache()
            val failures = List(3) {
                async { shouldThrow<RateLimitedException> { cache.through(call(), {}, ENDS.getValue("error before the first chunk")) } }
            }.awaitAll()
            failures.map { it.details.toString() }.toSet() shouldHaveSize 1
            failures[0].enrich { attempts(emptyList()) }
            failures[1].attempts shouldHaveSize 1
            failures[2].attempts shouldHaveSize 1
        }
    }

    test("the upstream is cancelled when the last one leaves, and not before") {
        runTest {
            val cache = cache()
            var isCancelled = false
            val calls = List(3) {
                launch {
                    cache.through(call(), {}) {
                        try {
                            awaitCancellation()
                        } finally {
                            isCancelled = true
                        }
                    }
                }
            }
            runCurrent()
            cache.waitingCalls shouldBe 3
            for (call in calls) {
                isCancelled shouldBe false
                call.cancelAndJoin()
                runCurrent()
            }
            isCancelled shouldBe true
            cache.runningCalls shouldBe 0
            cache.waitingCalls shouldBe 0
        }
    }

    test("a call that comes while the last one leaves makes its own") {
        runTest {
            val cache = cache()
            val upstream = FakeUpstream { call, _ ->
                if (call == 1) {
                    try {
                        awaitCancellation()
                    } finally {
                        withContext(NonCancellable) { delay(1_000) }
                    }
                }
            }
            val first = launch { cache.whole(call(), upstream) }
            runCurrent()
            first.cancelAndJoin()
            cache.whole(call(), upstream).cached shouldBe false
            upstream.calls shouldBe 2
            delay(1_000)
            cache.runningCalls shouldBe 0
        }
    }

    test("closing the cache ends what runs, for all who wait") {
        runTest {
            val cache = cache()
            val calls = List(3) {
                async { shouldThrow<ConnectionException> { cache.through(call(), {}) { awaitCancellation() } } }
            }
            runCurrent()
            cache.close()
            calls.awaitAll().map { it.kind }.toSet() shouldBe setOf(ConnectionException.Kind.CLIENT_CLOSED)
            cache.runningCalls shouldBe 0
            shouldThrow<ConnectionException> { cache.whole(call(), FakeUpstream()) }
        }
    }

    test("the end of the client's job is the end of what runs") {
        runTest {
            val parent = Job()
            val cache = AnswerCache(cachePolicy(), null, null, { 0 }, parent)
            val waiting = async { shouldThrow<KompletionException> { cache.through(call(), {}) { awaitCancellation() } } }
            runCurrent()
            parent.cancel()
            waiting.await().shouldBeInstanceOf<ConnectionException>().kind shouldBe ConnectionException.Kind.CLIENT_CLOSED
        }
    }

    test("a collector that fails ends its own call alone") {
        runTest {
            val cache = cache()
            val upstream = FakeUpstream(pieces = 3) { _, _ -> delay(10) }
            val failing = apart { cache.through(call(isStreaming = true), { error("mine") }, upstream.stream()) }
            val other = Collector()
            cache.stream(call(isStreaming = true), upstream, other)
            shouldThrow<IllegalStateException> { failing.await() }.message shouldBe "mine"
            other.texts shouldHaveSize 3
            upstream.calls shouldBe 1
        }
    }

    test("thousands of calls that come, leave and fail on many threads leave nothing behind") {
        val parent = Job()
        val cache = AnswerCache(cachePolicy { ttl = Duration.ofNanos(1) }, null, null, System::nanoTime, parent)
        val upstream = FakeUpstream(pieces = 100) { call, chunk ->
            if (chunk % 10 == 3) yield()
            if (call % 7 == 0 && chunk == 50) throw limited()
        }
        val whole = AtomicInteger()
        withContext(Dispatchers.Default) {
            repeat(4_000) { i ->
                val collector = Collector()
                val leaves = i % 3 == 0
                launch {
                    try {
                        withTimeoutOrNull(if (leaves) 1 else 60_000) {
                            cache.stream(call("${i % 5}", isStreaming = true), upstream, collector)
                            collector.texts shouldBe List(100) { "Hi$it " }
                            whole.incrementAndGet()
                        }
                    } catch (e: RateLimitedException) {
                        collector.texts shouldBe List(50) { "Hi$it " }
                    }
                }
            }
        }
        parent.children.single().children.toList().joinAll()
        println("shared calls: 4000 calls, ${upstream.calls} upstream, ${whole.get()} answers")
        whole.get() shouldBeGreaterThan 1_000
        cache.runningCalls shouldBe 0
        cache.waitingCalls shouldBe 0
    }

    for (streaming in listOf(false, true)) {
        test("when the threads of the first call are gone, the others go on by themselves (chunks were read: $streaming)") {
            val cache = AnswerCache(cachePolicy(), null, null, System::nanoTime)
            val first = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
            val began = CompletableDeferred<Unit>()
            val gate = CompletableDeferred<Unit>()
            val upstream: Upstream = { emit: suspend (ChatCompletionChunk) -> Unit ->
                val isFirst = !began.isCompleted
                if (streaming) emit(AssistantMessageDeltaChunk("a"))
                began.complete(Unit)
                if (isFirst) gate.await()
                answer("a")
            }
            val leader = CoroutineScope(Job() + first).launch { cache.through(call(isStreaming = streaming), {}, upstream) }
            began.await()
            val read = CompletableDeferred<Unit>()
            val follower = CoroutineScope(Job()).async {
                cache.through(call(isStreaming = streaming), { read.complete(Unit) }, upstream)
            }
            if (streaming) read.await() else withTimeout(10_000) { while (cache.waitingCalls < 2) delay(1) }
            // Its only thread has time for this when the upstream waits at the gate.
            withContext(first) {}
            first.close()
            gate.complete(Unit)
            withTimeout(10_000) { follower.join() }
            if (streaming) {
                (follower.getCompletionExceptionOrNull() as KompletionException).code shouldBe "cache.abandoned"
            } else {
                follower.await().content shouldBe "a"
            }
            leader.cancel()
        }
    }
})
