package io.kompletion.policy

import io.kompletion.Kompletion
import io.kompletion.error.RateLimitedException
import io.kompletion.error.StateUnavailableException
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.error
import io.kompletion.internal.call.whole
import io.kompletion.internal.state.MemoryState
import io.kompletion.listen.CallEvent
import io.kompletion.store.RateTake
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeSorted
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.time.Duration
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The effect of every field of [RateLimit], in virtual time. */
@OptIn(ExperimentalCoroutinesApi::class)
class RateLimitTest : FunSpec({
    test("RateLimit.requests: one more than the limit waits until the window has room") {
        runTest {
            val sent = ArrayList<Long>()
            val llm = limited(sent) { requests = 2 }
            repeat(3) { llm.chat(asked("openai/a")) }
            sent shouldBe listOf(0L, 0L, 60_000L)
        }
    }

    test("RateLimit.tokens: a call waits while its tokens have no room, and what was not used is given back") {
        runTest {
            val sent = ArrayList<Long>()
            val llm = limited(sent) { tokens = 200 }
            // Each reserves a hundred and some, and uses two.
            repeat(3) { llm.chat(asked("openai/a") { maxTokens = 100 }) }
            sent shouldBe listOf(0L, 0L, 0L)
            val full = limited(sent) { tokens = 200 }
            awaitAll(*Array(2) { async { full.chat(asked("openai/a") { maxTokens = 190 }) } })
            sent.takeLast(2) shouldBe listOf(0L, 60_000L)
        }
    }

    test("RateLimit.tokens: a call that is larger than the limit has the window for itself") {
        runTest {
            val sent = ArrayList<Long>()
            val llm = limited(sent) { tokens = 10 }
            llm.chat(asked("openai/a") { maxTokens = 1000 })
            sent shouldBe listOf(0L)
        }
    }

    test("RateLimit.window: is as long as it says") {
        runTest {
            val sent = ArrayList<Long>()
            val llm = limited(sent) {
                requests = 1
                window = Duration.ofSeconds(7)
            }
            repeat(3) { llm.chat(asked("openai/a")) }
            sent shouldBe listOf(0L, 7_000L, 14_000L)
        }
    }

    test("RateLimit.per: says who shares the limit") {
        suspend fun TestScope.waits(scope: LimitScope, vararg calls: suspend (Kompletion) -> Unit): Boolean {
            val sent = ArrayList<Long>()
            val llm = limited(sent) {
                requests = 1
                per = scope
            }
            for (call in calls) call(llm)
            return sent.last() > 0
        }
        fun by(model: String, tenant: String? = null, user: String? = null, key: String? = null): suspend (Kompletion) -> Unit =
            { llm ->
                llm.chat(
                    asked(model) {
                        this.tenant = tenant
                        endUser = user
                        key?.let { apiKey(it) }
                    },
                )
            }
        runTest {
            withClue("""waits(LimitScope.MODEL, by("openai/a"), by("openai/b"))""") { waits(LimitScope.MODEL, by("openai/a"), by("openai/b")) shouldBe false }
            withClue("""waits(LimitScope.MODEL, by("openai/a"), by("openai/a"))""") { waits(LimitScope.MODEL, by("openai/a"), by("openai/a")) shouldBe true }
            withClue("""waits(LimitScope.PROVIDER, by("openai/a"), by("openai/b"))""") { waits(LimitScope.PROVIDER, by("openai/a"), by("openai/b")) shouldBe true }
            withClue("""waits(LimitScope.PROVIDER, by("openai/a"), by("groq/b", key = "gsk"))""") { waits(LimitScope.PROVIDER, by("openai/a"), by("groq/b", key = "gsk")) shouldBe false }
            withClue("""waits(LimitScope.GLOBAL, by("openai/a"), by("groq/b", key = "gsk"))""") { waits(LimitScope.GLOBAL, by("openai/a"), by("groq/b", key = "gsk")) shouldBe true }
            withClue("""waits(LimitScope.TENANT, by("openai/a", tenant = "x"), by("openai/a", tenant = "y"))""") { waits(LimitScope.TENANT, by("openai/a", tenant = "x"), by("openai/a", tenant = "y")) shouldBe false }
            withClue("""waits(LimitScope.TENANT, by("openai/a", tenant = "x"), by("openai/b", tenant = "x"))""") { waits(LimitScope.TENANT, by("openai/a", tenant = "x"), by("openai/b", tenant = "x")) shouldBe true }
            withClue("""waits(LimitScope.USER, by("openai/a", user = "x"), by("openai/a", user = "y"))""") { waits(LimitScope.USER, by("openai/a", user = "x"), by("openai/a", user = "y")) shouldBe false }
            withClue("""waits(LimitScope.USER, by("openai/a"), by("openai/a"))""") { waits(LimitScope.USER, by("openai/a"), by("openai/a")) shouldBe true }
            withClue("""waits(LimitScope.KEY, by("openai/a", key = "k1"), by("openai/a", key = "k2"))""") { waits(LimitScope.KEY, by("openai/a", key = "k1"), by("openai/a", key = "k2")) shouldBe false }
            withClue("""waits(LimitScope.KEY, by("openai/a", key = "k1"), by("openai/b", key = "k1"))""") { waits(LimitScope.KEY, by("openai/a", key = "k1"), by("openai/b", key = "k1")) shouldBe true }
        }
    }

    test("RateLimit.only: leaves the others alone") {
        runTest {
            val sent = ArrayList<Long>()
            val llm = limited(sent) {
                requests = 1
                only = "openai/a"
            }
            repeat(2) { llm.chat(asked("openai/b")) }
            sent shouldBe listOf(0L, 0L)
            repeat(2) { llm.chat(asked("openai/a")) }
            sent.last() shouldBe 60_000L
        }
    }

    test("RateLimit.whenExceeded: FAIL says how long the remainder is, sends nothing and repeats nothing") {
        runTest {
            val sent = ArrayList<Long>()
            val llm = limited(sent) {
                requests = 1
                whenExceeded = WhenExceeded.FAIL
            }
            llm.chat(asked("openai/a"))
            delay(20.seconds)
            val again = asked("openai/a") { retry = io.kompletion.chat.RetryConfiguration.DEFAULT }
            val failure = shouldThrow<RateLimitedException> { llm.chat(again) }
            failure.isRetryable shouldBe true
            failure.retryAfter shouldBe Duration.ofSeconds(40)
            failure.code shouldBe "local.rate_limit"
            failure.attempts shouldHaveSize 1
            sent shouldHaveSize 1
        }
    }

    test("a limit that fails lets the next fallback serve") {
        runTest {
            val sent = ArrayList<Long>()
            val llm = limited(sent) {
                requests = 1
                whenExceeded = WhenExceeded.FAIL
            }
            llm.chat(asked("openai/a"))
            val answer = llm.chat(asked("openai/a") { fallback("openai/b") })
            answer.attempts.map { it.model to it.code } shouldBe listOf("a" to "local.rate_limit", "b" to null)
        }
    }

    test("RateLimit.maxWait: a longer wait fails at once, a shorter one does not") {
        runTest {
            val sent = ArrayList<Long>()
            val llm = limited(sent) {
                requests = 1
                maxWait = Duration.ofSeconds(30)
            }
            llm.chat(asked("openai/a"))
            shouldThrow<RateLimitedException> { llm.chat(asked("openai/a")) }.retryAfter shouldBe Duration.ofSeconds(60)
            currentTime shouldBe 0
            delay(40.seconds)
            llm.chat(asked("openai/a"))
            sent shouldBe listOf(0L, 60_000L)
        }
    }

    test("RateLimit.maxWait: counts the time in the line") {
        runTest {
            val sent = ArrayList<Long>()
            val llm = limited(sent) {
                requests = 1
                maxWait = Duration.ofSeconds(70)
            }
            val calls = List(4) { async { runCatching { llm.chat(asked("openai/a")) } } }
            calls.awaitAll().map { it.isSuccess } shouldBe listOf(true, true, false, false)
            currentTime shouldBeLessThan 70_001
        }
    }

    test("RateLimit.assumedOutputTokens: is reserved when nobody says max_tokens") {
        suspend fun TestScope.secondWaits(assumed: Int): Boolean {
            val sent = ArrayList<Long>()
            val llm = limited(sent) {
                tokens = 300
                assumedOutputTokens = assumed
            }
            awaitAll(*Array(2) { async { llm.chat(asked("openai/a")) } })
            return sent.last() > 0
        }
        runTest {
            secondWaits(250) shouldBe true
            secondWaits(50) shouldBe false
        }
    }

    test("RateLimit.whenUnavailable: lets calls through or refuses them, and tells either way") {
        for (mode in WhenUnavailable.entries) {
            runTest {
                val events = ArrayList<CallEvent>()
                val transport = FakeTransport { _, _ -> whole("there") }
                val llm = policyClient(transport) {
                    sharedState(Away)
                    rateLimit {
                        requests = 1
                        whenUnavailable = mode
                    }
                    listener { events += it }
                }
                val outcome = runCatching { llm.chat(asked("openai/a")) }
                outcome.isSuccess shouldBe (mode == WhenUnavailable.ALLOW)
                if (mode == WhenUnavailable.REFUSE) shouldThrow<StateUnavailableException> { outcome.getOrThrow() }
                val told = events.only<CallEvent.StateUnavailable>()
                told.first().isLetThrough shouldBe (mode == WhenUnavailable.ALLOW)
                told.first().policy shouldBe "rate limit"
            }
        }
    }

    test("waiting calls go in their order, and who is cancelled steps out of the line") {
        runTest {
            val served = ArrayList<Int>()
            val transport = FakeTransport { _, _ -> whole("there") }
            val llm = policyClient(transport) { rateLimit { requests = 1 } }
            val calls = List(6) { i ->
                launch {
                    llm.chat(asked("openai/a"))
                    served += i
                }
            }
            delay(1.seconds)
            calls[2].cancel()
            calls.forEach { it.join() }
            served shouldBe listOf(0, 1, 3, 4, 5)
            currentTime shouldBe 4 * 60_000
        }
    }

    test("the tokens of what was refused are given back") {
        runTest {
            val limits = MemoryState({ testScheduler.currentTime * 1_000_000 }, { testScheduler.currentTime })
            var fails = true
            val transport = FakeTransport { _, _ -> if (fails) error(400) else whole("there") }
            val llm = policyClient(transport) {
                sharedState(limits)
                rateLimit { tokens = 2000 }
                rateLimit {
                    requests = 1
                    only = "openai/b"
                }
            }
            runCatching { llm.chat(asked("openai/a")) }
            limits.rateLimits.taken(RateTake("tokens model openai/a 60000", 2000, Duration.ofMinutes(1), 0)) shouldBe 0
            fails = false
            llm.chat(asked("openai/b"))
            limits.rateLimits.taken(RateTake("requests model openai/b 60000", 1, Duration.ofMinutes(1), 0)) shouldBe 1
        }
    }

    test("a wait that is longer than the total time of the call fails at once") {
        runTest {
            val llm = limited(ArrayList()) { requests = 1 }
            llm.chat(asked("openai/a"))
            shouldThrow<RateLimitedException> { llm.chat(asked("openai/a") { timeout = Duration.ofSeconds(5) }) }
            currentTime shouldBe 0
        }
    }

    test("KompletionBuilder.rateLimit: several hold together, and one that has no room uses up none of the others") {
        runTest {
            val sent = ArrayList<Long>()
            val transport = FakeTransport { _, _ -> whole("there").also { sent += currentTime } }
            val llm = policyClient(transport) {
                rateLimit {
                    requests = 2
                    window = Duration.ofSeconds(10)
                }
                rateLimit { requests = 3 }
            }
            repeat(4) { llm.chat(asked("openai/a")) }
            sent shouldBe listOf(0L, 0L, 10_000L, 60_000L)
        }
    }

    test("RateLimit.only: of two limits for the same calls and window the lower one holds") {
        for (single in listOf(1, 9)) {
            runTest {
                val sent = ArrayList<Long>()
                val transport = FakeTransport { _, _ -> whole("there").also { sent += currentTime } }
                val llm = policyClient(transport) {
                    rateLimit {
                        requests = 2
                        tokens = 1_000_000
                    }
                    rateLimit {
                        requests = single
                        only = "openai/a"
                    }
                }
                repeat(3) { llm.chat(asked("openai/a")) }
                sent shouldBe if (single == 1) listOf(0L, 60_000L, 120_000L) else listOf(0L, 0L, 60_000L)
                sent.clear()
                repeat(3) { llm.chat(asked("openai/b")) }
                sent.map { it - sent[0] } shouldBe listOf(0L, 0L, 60_000L)
            }
        }
    }

    test("listeners hear of the wait") {
        runTest {
            val events = ArrayList<CallEvent>()
            val llm = policyClient(FakeTransport { _, _ -> whole("there") }) {
                rateLimit { requests = 1 }
                listener { events += it }
            }
            repeat(2) { llm.chat(asked("openai/a")) }
            val waited = events.only<CallEvent.Waited>().single()
            waited.duration shouldBe Duration.ofMinutes(1)
            waited.limit shouldBe "requests per model openai/a in PT1M"
        }
    }

    test("no window ever holds more than the limit, however calls come") {
        runTest {
            val sent = ArrayList<Long>()
            val llm = limited(sent) {
                requests = 10
                window = Duration.ofSeconds(1)
            }
            val random = Random(7)
            List(300) {
                launch {
                    delay(random.nextLong(5_000).milliseconds)
                    llm.chat(asked("openai/a"))
                }
            }.forEach { it.join() }
            sent.shouldBeSorted()
            val most = sent.maxOf { start -> sent.count { it in start until start + 1000 } }
            println("rate limit: largest count in any sliding window $most of 10, 300 calls")
            most shouldBeLessThanOrEqual 10
        }
    }
})

@OptIn(ExperimentalCoroutinesApi::class)
private fun TestScope.limited(sent: MutableList<Long>, configure: RateLimit.Builder.() -> Unit): Kompletion {
    val start = currentTime
    return policyClient(FakeTransport { _, _ -> used(1, 1).also { sent += currentTime - start } }) { rateLimit(configure) }
}
