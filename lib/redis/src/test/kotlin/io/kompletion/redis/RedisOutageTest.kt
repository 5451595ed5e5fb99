package io.kompletion.redis

import io.kompletion.error.StateUnavailableException
import io.kompletion.store.BudgetAccount
import io.kompletion.store.BudgetReservation
import io.kompletion.store.RateTake
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import java.time.Duration
import kotlin.time.Duration.Companion.seconds

class RedisOutageTest : FunSpec({
    val minute = Duration.ofMinutes(1)

    suspend fun shouldFailFast(call: suspend () -> Unit) {
        val begin = System.nanoTime()
        shouldThrow<StateUnavailableException> { call() }.code shouldBe "state.unavailable"
        (Duration.ofNanos(System.nanoTime() - begin) < Duration.ofSeconds(2)) shouldBe true
    }

    beforeSpec {
        TestRedis().use { redis -> RedisState.connect(redis.patient).use { it.cache.get("a") } }
    }

    test("while Redis is away every store says so within the time of a command, and works when it is back") {
        TestRedis().use { redis ->
            RedisState.connect(redis.uri).use { state ->
                state.cache.put("a", byteArrayOf(1), minute)
                redis.stop()
                val account = BudgetAccount("a", 1, null)
                shouldFailFast { state.cache.get("a") }
                shouldFailFast { state.cache.clear() }
                shouldFailFast { state.rateLimits.take(listOf(RateTake("a", 1, minute, 1))) }
                shouldFailFast { state.budgets.reserve(listOf(account), 1, minute) }
                shouldFailFast { state.budgets.settle(BudgetReservation("a", listOf(account), 1), 1) }
                shouldFailFast { state.cooldowns.restingFor("a") }
                shouldFailFast { state.flights.lead("a", minute) }
                redis.start()
                eventually(10.seconds) { state.cache.get("a") }
                state.budgets.reserve(listOf(account), 1, minute).reservation.shouldNotBeNull()
            }
        }
    }

    test("a Redis that comes after the client is found") {
        TestRedis().use { redis ->
            redis.stop()
            RedisState.connect(redis.uri).use { state ->
                shouldFailFast { state.cache.get("a") }
                redis.start()
                state.cache.put("a", byteArrayOf(1), minute)
                state.cache.get("a") shouldBe byteArrayOf(1)
            }
        }
    }

    test("a Redis that keeps its data keeps budgets, over its own end and that of the client") {
        val account = BudgetAccount("a", 10, null)
        TestRedis(keepsData = true).use { redis ->
            val running = RedisState.connect(redis.uri).use { state ->
                state.budgets.settle(state.budgets.reserve(listOf(account), 5, minute).reservation.shouldNotBeNull(), 4)
                state.budgets.reserve(listOf(account), 6, minute).reservation.shouldNotBeNull()
            }
            redis.stop()
            redis.start()
            RedisState.connect(redis.uri).use { state ->
                state.budgets.balance(account).let { it.spent to it.reserved } shouldBe (4L to 6L)
                state.budgets.reserve(listOf(account), 1, minute).refusedBy.shouldNotBeNull()
                state.budgets.settle(running, 3).single().let { it.spent to it.reserved } shouldBe (7L to 0L)
            }
        }
    }
})
