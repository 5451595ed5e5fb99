package io.kompletion.internal.cache

import io.kompletion.chat.FinishReason
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest

@OptIn(ExperimentalCoroutinesApi::class)
private class Fleet(private val scope: TestScope) {
    val store = FakeCacheStore({ scope.currentTime })
    val flights = FakeFlightStore { scope.currentTime }

    fun process() = scope.cache(store, flights)
}

@OptIn(ExperimentalCoroutinesApi::class)
class ProcessLeadsTest : FunSpec({
    test("ten processes with ten equal calls each make one upstream call") {
        runTest {
            val fleet = Fleet(this)
            val upstream = FakeUpstream { _, _ -> delay(2_000) }
            val processes = List(10) { fleet.process() }
            val answers = processes.flatMap { p -> List(10) { async { p.whole(call(), upstream) } } }.awaitAll()
            println("processes: ${answers.size} calls, ${upstream.calls} upstream")
            upstream.calls shouldBe 1
            answers.count { !it.cached } shouldBe 1
            currentTime shouldBeLessThan 2_300
            fleet.flights.leading shouldBe 0
            processes.sumOf { it.runningCalls } shouldBe 0
        }
    }

    test("answers that are not kept make nobody wait for more than two others") {
        runTest {
            val fleet = Fleet(this)
            val upstream = FakeUpstream(finish = FinishReason.LENGTH) { _, _ -> delay(1_000) }
            List(10) { async { fleet.process().whole(call(), upstream) } }.awaitAll()
            upstream.calls shouldBe 10
            currentTime shouldBeLessThan 3_600
        }
    }

    test("the lead is renewed as long as the call runs, and given back when it fails or is cancelled") {
        runTest {
            val fleet = Fleet(this)
            val long = FakeUpstream { _, _ -> delay(120_000) }
            val leading = launch { fleet.process().whole(call(), long) }
            delay(90_000)
            fleet.flights.leading shouldBe 1
            fleet.flights.renewals shouldBeGreaterThan 5
            leading.cancelAndJoin()
            delay(10)
            fleet.flights.leading shouldBe 0
            val failing = fleet.process()
            apart { failing.through(call(), {}) { error("no") } }.join()
            fleet.flights.leading shouldBe 0
        }
    }

    test("a leader that dies is replaced") {
        runTest {
            val fleet = Fleet(this)
            val key = CacheKey.of(call(), "")
            fleet.flights.lead(key, java.time.Duration.ofSeconds(30))
            val upstream = FakeUpstream()
            fleet.process().whole(call(), upstream).content shouldBe "Hi"
            upstream.calls shouldBe 1
            (currentTime in 30_000L..30_400L) shouldBe true
        }
    }

    test("leads that nobody can give are no failure, and the call is told") {
        runTest {
            val fleet = Fleet(this).also { it.flights.isDown = true }
            val watch = FakeWatch()
            fleet.process().whole(call(watch = watch), FakeUpstream()).content shouldBe "Hi"
            watch.told shouldContain "unavailable: the store is down"
        }
    }

    test("streams wait for no other process") {
        runTest {
            val fleet = Fleet(this)
            val upstream = FakeUpstream { _, _ -> delay(100) }
            List(2) { async { fleet.process().stream(call(isStreaming = true), upstream) } }.awaitAll()
            upstream.calls shouldBe 2
        }
    }

    test("one who waits and is cancelled leaves nothing behind") {
        runTest {
            val fleet = Fleet(this)
            val upstream = FakeUpstream { _, _ -> delay(10_000) }
            val leading = async { fleet.process().whole(call(), upstream) }
            delay(100)
            val waiting = fleet.process()
            val follower = launch { waiting.whole(call(), upstream) }
            delay(1_000)
            follower.cancelAndJoin()
            waiting.runningCalls shouldBe 0
            leading.await()
            upstream.calls shouldBe 1
        }
    }
})
