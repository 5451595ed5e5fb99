@file:JvmName("RateLimitStoreContract")

package io.kompletion.testkit.contract

import io.kompletion.store.RateDecision
import io.kompletion.store.RateLimitStore
import io.kompletion.store.RatePermit
import io.kompletion.store.RateTake
import io.kotest.assertions.withClue
import io.kotest.core.factory.TestFactory
import io.kotest.core.spec.style.funSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.longs.shouldBeInRange
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.util.UUID
import kotlin.random.Random

/**
 * What every [RateLimitStore] has to do, as a test factory:
 * `include(rateLimitStoreContract("mine", StoreTime.real(Duration.ofSeconds(1))) { MyStore() })`. All keys are fresh, so
 * [create] may give the same store each time; who gives a new one closes it.
 */
public fun rateLimitStoreContract(name: String, time: StoreTime, create: suspend () -> RateLimitStore): TestFactory =
    funSpec {
        context(name) {
            test("takes up to the limit and not more") {
                val scope = RateScope(time, create())
                repeat(3) { scope.granted(scope.take("a", 3)) }
                val refusal = scope.store.take(listOf(scope.take("a", 3)))
                refusal.permit.shouldBeNull()
                refusal.refusedBy.shouldNotBeNull().key shouldBe scope.key("a")
                scope.taken("a") shouldBe 3
            }

            test("another key has a window of its own") {
                val scope = RateScope(time, create())
                scope.granted(scope.take("a", 1))
                scope.granted(scope.take("b", 1))
            }

            test("a permit has an id of its own and its takes") {
                val scope = RateScope(time, create())
                val takes = listOf(scope.take("a", 9, 2), scope.take("b", 9, 3))
                val first = scope.granted(*takes.toTypedArray())
                first.takes.map { it.key to it.amount } shouldBe takes.map { it.key to it.amount }
                (first.id != scope.granted(*takes.toTypedArray()).id) shouldBe true
            }

            test("the window slides: each amount comes back when its own time is over") {
                val scope = RateScope(time, create())
                scope.granted(scope.take("a", 10, 6))
                time.pass(time.part(0.5))
                scope.granted(scope.take("a", 10, 4))
                scope.refused(scope.take("a", 10, 1))
                time.passWindows(0.5)
                scope.taken("a") shouldBe 4
                scope.granted(scope.take("a", 10, 6))
                scope.refused(scope.take("a", 10, 1))
            }

            test("a refusal says how long until enough has gone") {
                val scope = RateScope(time, create())
                val starts = List(3) {
                    val moment = scope.timed { scope.granted(scope.take("a", 6, 2)) }
                    time.pass(time.part(0.2))
                    moment
                }
                // one more unit has to wait for the first two, three more for the second two as well
                scope.shouldWaitFor(starts[0], scope.take("a", 6, 1))
                scope.shouldWaitFor(starts[0], scope.take("a", 6, 2))
                scope.shouldWaitFor(starts[1], scope.take("a", 6, 3))
                scope.shouldWaitFor(starts[2], scope.take("a", 6, 6))
            }

            test("after the time that a refusal says there is room") {
                val scope = RateScope(time, create())
                scope.granted(scope.take("a", 2, 2))
                val wait = scope.refused(scope.take("a", 2, 1)).retryAfter.shouldNotBeNull()
                time.pass(wait.plus(time.tolerance))
                scope.granted(scope.take("a", 2, 1))
            }

            test("a refusal leaves every other key untouched") {
                val scope = RateScope(time, create())
                scope.granted(scope.take("full", 1))
                val refusal = scope.refused(scope.take("a", 5, 3), scope.take("full", 1), scope.take("b", 5, 3))
                refusal.refusedBy.shouldNotBeNull().key shouldBe scope.key("full")
                scope.taken("a") shouldBe 0
                scope.taken("b") shouldBe 0
                scope.granted(scope.take("a", 5, 5), scope.take("b", 5, 5))
            }

            test("of several without room the one that takes longest is named") {
                val scope = RateScope(time, create())
                scope.granted(scope.take("a", 1))
                time.pass(time.part(0.3))
                val later = scope.timed { scope.granted(scope.take("b", 1)) }
                scope.shouldWaitFor(later, scope.take("a", 1), scope.take("b", 1)).key shouldBe scope.key("b")
                scope.shouldWaitFor(later, scope.take("b", 1), scope.take("a", 1)).key shouldBe scope.key("b")
            }

            test("correcting down gives room at once, up takes it") {
                val scope = RateScope(time, create())
                val permit = scope.granted(scope.take("a", 10, 8), scope.take("b", 10, 1))
                scope.store.correct(permit, listOf(3, 10))
                scope.taken("a") shouldBe 3
                scope.taken("b") shouldBe 10
                scope.granted(scope.take("a", 10, 7))
                scope.refused(scope.take("b", 10, 1))
                scope.store.correct(permit, listOf(0, 0))
                scope.taken("a") shouldBe 7
                scope.taken("b") shouldBe 0
            }

            test("what is corrected beyond the limit keeps others out until it has gone") {
                val scope = RateScope(time, create())
                lateinit var permit: RatePermit
                val moment = scope.timed { permit = scope.granted(scope.take("a", 5, 1)) }
                scope.store.correct(permit, listOf(50))
                scope.taken("a") shouldBe 50
                scope.shouldWaitFor(moment, scope.take("a", 5, 1))
            }

            test("a correction keeps the moment of the taking") {
                val scope = RateScope(time, create())
                val permit = scope.granted(scope.take("a", 10, 1))
                time.pass(time.part(0.5))
                scope.store.correct(permit, listOf(10))
                time.passWindows(0.5)
                scope.taken("a") shouldBe 0
            }

            test("correcting what has gone already does nothing") {
                val scope = RateScope(time, create())
                val permit = scope.granted(scope.take("a", 10, 4))
                time.passWindows(1.0)
                scope.granted(scope.take("a", 10, 2))
                scope.store.correct(permit, listOf(9))
                scope.taken("a") shouldBe 2
                time.passWindows(1.0)
                scope.store.correct(permit, listOf(9))
                scope.taken("a") shouldBe 0
            }

            test("no window of any moment holds more than the limit, whoever takes") {
                val seed = Random.nextInt()
                withClue("seed $seed") { RateScope(time, create()).takeAtRandom(Random(seed)) }
            }
        }
    }

/** Fresh keys of one test, and what is asked of them. */
private class RateScope(val time: StoreTime, val store: RateLimitStore) {
    private val run = UUID.randomUUID().toString()

    fun key(name: String) = "$run:$name"

    fun take(name: String, limit: Long, amount: Long = 1) = RateTake(key(name), limit, time.window, amount)

    suspend fun taken(name: String): Long = store.taken(take(name, 1, 0))

    suspend fun granted(vararg takes: RateTake): RatePermit = store.take(takes.asList()).permit.shouldNotBeNull()

    suspend fun refused(vararg takes: RateTake): RateDecision =
        store.take(takes.asList()).also { it.permit.shouldBeNull() }

    /** Between which moments [block] ran. */
    suspend fun timed(block: suspend () -> Unit): LongRange {
        val before = time.nanos()
        block()
        return before..time.nanos()
    }

    /** Is refused until a window after [start]. */
    suspend fun shouldWaitFor(start: LongRange, vararg takes: RateTake): RateTake {
        lateinit var decision: RateDecision
        val now = timed { decision = refused(*takes) }
        val window = time.window.toNanos()
        val tolerance = time.tolerance.toNanos()
        val range = start.first + window - now.last - tolerance..start.last + window - now.first + tolerance
        decision.retryAfter.shouldNotBeNull().toNanos() shouldBeInRange range
        return decision.refusedBy.shouldNotBeNull()
    }

    /** Rounds of takers at once; afterwards no window that ends with a round may hold more than the limit for sure. */
    suspend fun takeAtRandom(random: Random) {
        val grants = ArrayList<Grant>()
        repeat(ROUNDS) { round ->
            val amounts = List(TAKERS) { random.nextLong(1, LIMIT / 4) }
            val before = time.nanos()
            val decisions = coroutineScope {
                amounts.map { amount ->
                    async(Dispatchers.Default) {
                        amount to
                            store.take(listOf(take("a", LIMIT, amount)))
                    }
                }
                    .awaitAll()
            }
            val after = time.nanos()
            val (taken, refused) = decisions.partition { it.second.permit != null }
            grants += taken.map { Grant(before, after, it.first) }
            if (round == 0) {
                val sum = taken.sumOf { it.first }
                refused.shouldNotBeEmpty()
                // nobody is sent away while there is room
                refused.filter { it.first <= LIMIT - sum }.shouldBeEmpty()
            }
            time.pass(time.part(random.nextDouble(0.0, 0.4)))
        }
        for (end in grants.map { it.after }.distinct()) {
            val start = end - time.window.toNanos() + time.tolerance.toNanos()
            grants.filter { it.before > start && it.after <= end }.sumOf { it.amount } shouldBeLessThanOrEqual LIMIT
        }
    }

    private class Grant(val before: Long, val after: Long, val amount: Long)

    private companion object {
        const val LIMIT = 100L
        const val ROUNDS = 16
        const val TAKERS = 24
    }
}
