@file:JvmName("CooldownStoreContract")

package io.kompletion.testkit.contract

import io.kompletion.store.CallOutcome
import io.kompletion.store.CooldownChange
import io.kompletion.store.CooldownPass
import io.kompletion.store.CooldownRules
import io.kompletion.store.CooldownStore
import io.kotest.core.factory.TestFactory
import io.kotest.core.spec.style.funSpec
import io.kotest.core.spec.style.scopes.FunSpecContainerScope
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.longs.shouldBeInRange
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.time.Duration
import java.util.UUID

/**
 * What every [CooldownStore] has to do, as a test factory. All keys are fresh, so [create] may give the same store each
 * time; who gives a new one closes it.
 */
public fun cooldownStoreContract(name: String, time: StoreTime, create: suspend () -> CooldownStore): TestFactory =
    funSpec {
        context(name) {
            closedTests(time, create)
            openTests(time, create)
            probeTests(time, create)
        }
    }

private suspend fun FunSpecContainerScope.closedTests(time: StoreTime, create: suspend () -> CooldownStore) {
    test("a target that nobody has reported is well") {
        val target = Target(time, create())
        target.enter() shouldBe CooldownPass.ALLOWED
        target.restingFor().shouldBeNull()
    }

    test("failures in a row open it, and a success between them does not let them") {
        val target = Target(time, create())
        repeat(2) { target.fails().restsFor.shouldBeNull() }
        target.report(CallOutcome.SUCCESS).restsFor.shouldBeNull()
        repeat(2) { target.fails().restsFor.shouldBeNull() }
        target.enter().isAllowed shouldBe true
        target.fails().restsFor shouldBe target.rules.rest
        target.enter().isAllowed shouldBe false
    }

    test("what is neutral counts for nothing") {
        val target = Target(time, create())
        repeat(2) { target.fails() }
        repeat(5) { target.report(CallOutcome.NEUTRAL) shouldBe CooldownChange.NONE }
        target.fails().restsFor.shouldNotBeNull()
    }

    test("a share of failures opens it, when there were enough calls") {
        val target = Target(time, create(), failureRate = 0.5, window = Duration.ofDays(1))
        repeat(9) { target.fails().restsFor.shouldBeNull() }
        target.fails().restsFor shouldBe target.rules.rest
    }

    test("a share of failures opens it only when it is reached") {
        val target = Target(time, create(), failureRate = 0.5, window = Duration.ofDays(1))
        repeat(6) { target.report(CallOutcome.SUCCESS) }
        repeat(5) { target.fails().restsFor.shouldBeNull() }
        // the sixth of twelve
        target.fails().restsFor shouldBe target.rules.rest
    }

    test("a share of failures counts the calls of one window") {
        val target = Target(time, create(), failureRate = 0.3, window = time.window)
        repeat(3) {
            target.report(CallOutcome.SUCCESS)
            target.fails().restsFor.shouldBeNull()
            target.fails().restsFor.shouldBeNull()
            time.passWindows(1.0)
        }
    }

    test("one target says nothing about another one") {
        val store = create()
        Target(time, store).report(CallOutcome.FAILURE, restFor = Duration.ofHours(1))
        Target(time, store).enter().isAllowed shouldBe true
    }
}

private suspend fun FunSpecContainerScope.openTests(time: StoreTime, create: suspend () -> CooldownStore) {
    test("while it rests it says for how long") {
        val target = Target(time, create())
        val start = target.timed { target.open() }
        time.pass(time.part(0.1))
        target.shouldRest(start, target.rules.rest) { target.enter().retryAfter }
        target.shouldRest(start, target.rules.rest) { target.restingFor() }
        time.passWindows(target.share(target.rules.rest))
        target.restingFor().shouldBeNull()
        target.enter().isAllowed shouldBe true
    }

    test("asking how long it rests is not a call") {
        val target = Target(time, create())
        target.open()
        time.passWindows(target.share(target.rules.rest))
        repeat(3) { target.restingFor().shouldBeNull() }
        target.enter().isProbe shouldBe true
    }

    test("a rest that is given begins at once, and the longest one counts") {
        val target = Target(time, create())
        val hour = Duration.ofHours(1)
        val start = target.timed { target.report(CallOutcome.FAILURE, restFor = hour).restsFor shouldBe hour }
        target.report(CallOutcome.FAILURE, restFor = Duration.ofMinutes(1)) shouldBe CooldownChange.NONE
        target.shouldRest(start, hour) { target.restingFor() }
        val later = target.timed {
            target.report(CallOutcome.FAILURE, restFor = hour + hour).restsFor shouldBe
                hour + hour
        }
        target.shouldRest(later, hour + hour) { target.restingFor() }
    }

    test("what ends while it rests was sent before, and changes nothing") {
        val target = Target(time, create())
        val start = target.timed { target.open() }
        target.report(CallOutcome.SUCCESS) shouldBe CooldownChange.NONE
        repeat(5) { target.fails() shouldBe CooldownChange.NONE }
        target.shouldRest(start, target.rules.rest) { target.restingFor() }
    }
}

private suspend fun FunSpecContainerScope.probeTests(time: StoreTime, create: suspend () -> CooldownStore) {
    test("after the rest exactly as many probes as the rules say go through") {
        val target = Target(time, create(), probes = 3)
        target.open()
        time.passWindows(target.share(target.rules.rest))
        val passes = coroutineScope { List(60) { async(Dispatchers.Default) { target.enter() } }.awaitAll() }
        val probes = passes.filter { it.isAllowed }
        probes shouldHaveSize 3
        probes.all { it.isProbe } shouldBe true
        probes.map { it.id }.toSet() shouldHaveSize 3
    }

    test("a probe that succeeds ends the rest, and failures are counted anew") {
        val target = Target(time, create())
        target.open()
        target.probe().let { target.report(CallOutcome.SUCCESS, it) }.hasRecovered shouldBe true
        repeat(5) { target.enter() shouldBe CooldownPass.ALLOWED }
        repeat(2) { target.fails().restsFor.shouldBeNull() }
        target.fails().restsFor shouldBe target.rules.rest
    }

    test("each probe that fails doubles the rest up to the longest; after a recovery it is the first again") {
        val target = Target(time, create())
        target.open()
        val first = target.rules.rest
        target.report(CallOutcome.FAILURE, target.probe(first)).restsFor shouldBe first.multipliedBy(2)
        target.report(CallOutcome.FAILURE, target.probe(first.multipliedBy(2))).restsFor shouldBe target.rules.maxRest
        target.report(CallOutcome.FAILURE, target.probe(target.rules.maxRest)).restsFor shouldBe target.rules.maxRest
        target.report(CallOutcome.SUCCESS, target.probe(target.rules.maxRest)).hasRecovered shouldBe true
        target.open().restsFor shouldBe first
    }

    test("of two probes, what comes after the first failure changes nothing") {
        val target = Target(time, create(), probes = 2)
        target.open()
        val first = target.probe()
        val second = target.enter()
        second.isProbe shouldBe true
        target.report(CallOutcome.FAILURE, first).restsFor shouldBe target.rules.rest.multipliedBy(2)
        target.report(CallOutcome.FAILURE, second) shouldBe CooldownChange.NONE
        target.enter().isAllowed shouldBe false
    }

    test("a probe that learned nothing leaves its place to another one") {
        val target = Target(time, create())
        target.open()
        val probe = target.probe()
        target.enter().isAllowed shouldBe false
        target.report(CallOutcome.NEUTRAL, probe) shouldBe CooldownChange.NONE
        target.enter().isProbe shouldBe true
    }

    test("a probe that nobody reports gives up its place when its lease is over") {
        val target = Target(time, create())
        target.open()
        target.probe()
        val wait = target.enter().retryAfter.shouldNotBeNull()
        (wait > Duration.ZERO && wait <= target.rules.probeLease) shouldBe true
        time.passWindows(target.share(target.rules.probeLease))
        target.enter().isProbe shouldBe true
        target.enter().isAllowed shouldBe false
    }

    test("a probe that succeeds after its lease ends the rest all the same") {
        val target = Target(time, create())
        target.open()
        val probe = target.probe()
        time.passWindows(target.share(target.rules.probeLease))
        target.report(CallOutcome.SUCCESS, probe).hasRecovered shouldBe true
    }
}

/** A target of its own for one test. Three failures open it for 0.4 windows, at most 1. */
private class Target(
    val time: StoreTime,
    val store: CooldownStore,
    failureRate: Double? = null,
    window: Duration = time.window,
    probes: Int = 1,
) {
    private val key = UUID.randomUUID().toString()
    val rules = CooldownRules(
        failures = if (failureRate == null) 3 else 100,
        failureRate = failureRate,
        minimumCalls = 10,
        window = window,
        rest = time.part(0.4),
        maxRest = time.part(1.0),
        probes = probes,
        probeLease = time.part(0.8),
    )

    suspend fun enter(): CooldownPass = store.enter(key, rules)

    suspend fun restingFor(): Duration? = store.restingFor(key)

    suspend fun report(
        outcome: CallOutcome,
        pass: CooldownPass = CooldownPass.ALLOWED,
        restFor: Duration? = null,
    ): CooldownChange = store.report(key, rules, pass, outcome, restFor)

    suspend fun fails(): CooldownChange = report(CallOutcome.FAILURE)

    /** Fails until it rests. */
    suspend fun open(): CooldownChange {
        repeat(2) { fails() }
        return fails()
    }

    /** The first probe after [rest]. */
    suspend fun probe(rest: Duration = rules.rest): CooldownPass {
        time.passWindows(share(rest))
        return enter().also { it.isProbe shouldBe true }
    }

    fun share(duration: Duration): Double = duration.toNanos().toDouble() / time.window.toNanos()

    /** Between which moments [block] ran. */
    suspend fun timed(block: suspend () -> Unit): LongRange {
        val before = time.nanos()
        block()
        return before..time.nanos()
    }

    /** [left] says what is left of a [rest] that began at [start]. */
    suspend fun shouldRest(start: LongRange, rest: Duration, left: suspend () -> Duration?) {
        var answer: Duration? = null
        val now = timed { answer = left() }
        val tolerance = time.tolerance.toNanos()
        val range =
            start.first + rest.toNanos() - now.last - tolerance..start.last + rest.toNanos() - now.first + tolerance
        answer.shouldNotBeNull().toNanos() shouldBeInRange range
    }
}
