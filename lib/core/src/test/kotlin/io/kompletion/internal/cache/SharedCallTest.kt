package io.kompletion.internal.cache

import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.FinalResponseChunk
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext

@OptIn(ExperimentalCoroutinesApi::class)
class SharedCallTest : FunSpec({
    test("100 equal calls at once are one upstream call, of which one pays") {
        runTest {
            val cache = cache()
            val upstream = FakeUpstream { _, _ -> delay(100) }
            val answers = List(100) { async { cache.whole(call(), upstream) } }.awaitAll()
            println("single flight: ${answers.size} calls, ${upstream.calls} upstream")
            upstream.calls shouldBe 1
            answers.map { it.message }.toSet() shouldBe setOf(answer("Hi").message)
            answers.count { !it.cached } shouldBe 1
            answers.count { it.cost!!.total.signum() > 0 } shouldBe 1
            cache.runningCalls shouldBe 0
        }
    }

    test("100 equal calls from many threads at once are one upstream call") {
        val cache = AnswerCache(cachePolicy(), null, null, System::nanoTime)
        val upstream = FakeUpstream(pieces = 200)
        val collectors = List(100) { Collector() }
        withContext(Dispatchers.Default) {
            collectors.map { launch { cache.stream(call(isStreaming = true), upstream, it) } }
        }
        upstream.calls shouldBe 1
        collectors.map { it.texts }.toSet() shouldBe setOf(List(200) { "Hi$it " })
        collectors.all { it.chunks.last() is FinalResponseChunk } shouldBe true
        cache.waitingCalls shouldBe 0
    }

    test("every chunk reaches everybody before the next one is sent") {
        runTest {
            val cache = cache()
            val gates = List(4) { CompletableDeferred<Unit>() }
            val upstream = FakeUpstream(pieces = 3) { _, chunk -> gates[chunk].await() }
            val collectors = List(5) { Collector() }
            val calls = collectors.map { async { cache.stream(call(isStreaming = true), upstream, it) } }
            for (i in 0..2) {
                runCurrent()
                collectors.forEach { it.texts shouldBe List(i) { n -> "Hi$n " } }
                gates[i].complete(Unit)
            }
            gates[3].complete(Unit)
            calls.awaitAll()
            upstream.calls shouldBe 1
            collectors.forEach { it.texts shouldBe List(3) { n -> "Hi$n " } }
        }
    }

    test("who comes late gets what was said, then the rest") {
        runTest {
            val cache = cache()
            val gate = CompletableDeferred<Unit>()
            val upstream = FakeUpstream(pieces = 10) { _, chunk -> if (chunk == 7) gate.await() }
            val early = async { cache.stream(call(isStreaming = true), upstream) }
            runCurrent()
            val late = Collector()
            val watch = FakeWatch()
            val second = async { cache.stream(call(isStreaming = true, watch = watch), upstream, late) }
            runCurrent()
            late.texts shouldBe List(7) { "Hi$it " }
            gate.complete(Unit)
            late.texts.size shouldBe 7
            second.await().cached shouldBe true
            early.await().cached shouldBe false
            late.texts shouldBe List(10) { "Hi$it " }
            (late.chunks.last() as FinalResponseChunk).response shouldBe second.await()
            watch.told shouldContainExactly listOf("shared")
            upstream.calls shouldBe 1
        }
    }

    test("the upstream runs at most 64 chunks ahead of the fastest") {
        runTest {
            val cache = cache()
            var sent = 0
            val upstream = FakeUpstream(pieces = 1_000) { _, chunk -> sent = chunk }
            val gate = CompletableDeferred<Unit>()
            var got = 0
            var furthest = 0
            val slow: suspend (ChatCompletionChunk) -> Unit = {
                furthest = maxOf(furthest, sent - got)
                if (got == 100) gate.await()
                got++
                delay(1)
            }
            val slower = Collector()
            val calls = listOf(
                async { cache.through(call(isStreaming = true), slow, upstream.stream()) },
                async {
                    val emit: suspend (ChatCompletionChunk) -> Unit = {
                        delay(3)
                        slower.emit(it)
                    }
                    cache.through(call(isStreaming = true), emit, upstream.stream())
                },
            )
            runCurrent()
            sent shouldBeLessThanOrEqual 65
            gate.complete(Unit)
            calls.awaitAll()
            furthest shouldBeLessThanOrEqual 65
            sent shouldBe 1_000
            slower.texts.size shouldBe 1_000
        }
    }

    test("a reader takes all that is there without asking again") {
        runTest {
            val flight = Flight("k")
            val seat = Flight.Seat(flight, flight.head!!)
            var wakes = 0
            val reading = launch {
                flight.readFrom(seat) { if (it == AssistantMessageDeltaChunk("0")) wakes++ }
            }
            repeat(50) { flight.write(AssistantMessageDeltaChunk("${it % 50}")) }
            flight.end(Flight.End.Abandoned)
            runCurrent()
            reading.isCompleted shouldBe true
            wakes shouldBe 1
        }
    }

    test("a call that leaves disturbs no other, be it the first or another") {
        for (leaver in 0..2) {
            runTest {
                val cache = cache()
                val upstream = FakeUpstream(pieces = 3) { _, _ -> delay(100) }
                val collectors = List(3) { Collector() }
                val calls = collectors.map { async { cache.stream(call(isStreaming = true), upstream, it) } }
                delay(150)
                calls[leaver].cancel()
                val rest = calls.filterIndexed { i, _ -> i != leaver }
                val answers = rest.awaitAll()
                answers.count { !it.cached } shouldBe 1
                rest.forEach { it.isCancelled shouldBe false }
                collectors.filterIndexed { i, _ -> i != leaver }.forEach { it.texts.size shouldBe 3 }
                upstream.calls shouldBe 1
                cache.waitingCalls shouldBe 0
            }
        }
    }

    test("an answer whose last reader leaves at the last chunk is kept all the same") {
        runTest {
            val cache = cache()
            val upstream = FakeUpstream()
            val reading = launch {
                cache.through(
                    call(isStreaming = true),
                    { if (it is FinalResponseChunk) currentCoroutineContext()[Job]!!.cancel() },
                    upstream.stream(),
                )
            }
            reading.join()
            reading.isCancelled shouldBe true
            cache.stream(call(isStreaming = true), upstream).cached shouldBe true
            upstream.calls shouldBe 1
        }
    }

    test("the upstream has the context of the call that began it, but for its job") {
        runTest {
            val cache = cache()
            val names = ArrayList<String?>()
            withContext(CoroutineName("first")) {
                cache.through(call(), {}) {
                    names += currentCoroutineContext()[CoroutineName]?.name
                    answer("Hi")
                }
            }
            names shouldContainExactly listOf("first")
        }
    }

    test("the collector runs in its own coroutine") {
        runTest {
            val cache = cache()
            val names = ArrayList<String?>()
            val upstream = FakeUpstream { _, _ -> delay(10) }
            listOf("a", "b").map { name ->
                launch(CoroutineName(name)) {
                    cache.through(
                        call(isStreaming = true),
                        { names += currentCoroutineContext()[CoroutineName]?.name },
                        upstream.stream(),
                    )
                }
            }.forEach { it.join() }
            names.toSet() shouldBe setOf("a", "b")
        }
    }

    test("without single flight the upstream runs in the caller's coroutine, and no chunk changes hands") {
        runTest {
            val cache = cache { singleFlight = false }
            val order = ArrayList<String>()
            val own = currentCoroutineContext()[Job]
            cache.through(call(isStreaming = true), { order += "got" }) { emit ->
                currentCoroutineContext()[Job] shouldBe own
                repeat(2) {
                    order += "sent"
                    emit(AssistantMessageDeltaChunk("$it"))
                }
                answer("01").also { emit(FinalResponseChunk(it)) }
            }
            order shouldContainExactly listOf("sent", "got", "sent", "got", "got")
        }
    }

    test("a call that is too large to be kept takes no more company") {
        runTest {
            val cache = cache { maxEntryBytes = 200 }
            val gate = CompletableDeferred<Unit>()
            val upstream = FakeUpstream("x".repeat(100), pieces = 5) { call, chunk -> if (call == 1 && chunk == 3) gate.await() }
            val first = async { cache.stream(call(isStreaming = true), upstream) }
            runCurrent()
            val watch = FakeWatch()
            cache.stream(call(isStreaming = true, watch = watch), upstream)
            watch.told shouldContain "miss"
            gate.complete(Unit)
            first.await()
            upstream.calls shouldBe 2
        }
    }
})
