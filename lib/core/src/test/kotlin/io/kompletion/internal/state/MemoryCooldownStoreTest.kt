package io.kompletion.internal.state

import io.kompletion.store.CallOutcome
import io.kompletion.store.CooldownPass
import io.kompletion.store.CooldownRules
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Duration

class MemoryCooldownStoreTest : FunSpec({
    fun seconds(count: Long) = Duration.ofSeconds(count)
    val rules = CooldownRules(
        failures = 2,
        failureRate = null,
        minimumCalls = 1,
        window = seconds(60),
        rest = seconds(10),
        maxRest = seconds(35),
        probes = 1,
        probeLease = seconds(120),
    )

    test("rests double exactly with every failed probe up to the longest, and begin anew after a recovery") {
        val clock = VirtualClock()
        val store = clock.state().cooldowns
        suspend fun fail() = store.report("a", rules, store.enter("a", rules), CallOutcome.FAILURE, null).restsFor
        suspend fun probeAfter(rest: Duration, outcome: CallOutcome): Duration? {
            store.restingFor("a") shouldBe rest
            clock.pass(rest)
            store.restingFor("a") shouldBe null
            return store.report("a", rules, store.enter("a", rules), outcome, null).restsFor
        }
        fail() shouldBe null
        fail() shouldBe seconds(10)
        probeAfter(seconds(10), CallOutcome.FAILURE) shouldBe seconds(20)
        probeAfter(seconds(20), CallOutcome.FAILURE) shouldBe seconds(35)
        probeAfter(seconds(35), CallOutcome.FAILURE) shouldBe seconds(35)
        probeAfter(seconds(35), CallOutcome.SUCCESS) shouldBe null
        fail() shouldBe null
        fail() shouldBe seconds(10)
    }

    test("while probes are out, others are told to come back after the first rest, or when a lease ends") {
        val clock = VirtualClock()
        val store = clock.state().cooldowns
        store.report("a", rules, CooldownPass.ALLOWED, CallOutcome.FAILURE, seconds(1))
        clock.pass(seconds(1))
        store.enter("a", rules).isProbe shouldBe true
        store.enter("a", rules).retryAfter shouldBe seconds(10)
        clock.pass(seconds(115))
        store.enter("a", rules).retryAfter shouldBe seconds(5)
        clock.pass(seconds(5))
        store.enter("a", rules).isProbe shouldBe true
    }

    test("targets without a call for long are not remembered, resting ones are") {
        val clock = VirtualClock()
        val store = clock.state().cooldowns
        store.report("resting", rules, CooldownPass.ALLOWED, CallOutcome.FAILURE, Duration.ofDays(1))
        repeat(5_000) { index ->
            store.report("target $index", rules, CooldownPass.ALLOWED, CallOutcome.FAILURE, null)
            clock.pass(seconds(10))
        }
        (store.size <= 2 * 13 + SweptMap.FIRST_SWEEP) shouldBe true
        store.restingFor("resting") shouldBe Duration.ofDays(1) - seconds(50_000)
    }

    test("questions remember nothing") {
        val store = VirtualClock().state().cooldowns
        store.enter("a", rules).isAllowed shouldBe true
        store.restingFor("a") shouldBe null
        store.size shouldBe 0
    }
})
