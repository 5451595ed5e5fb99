package io.kompletion.redis

import io.kompletion.error.StateUnavailableException
import io.kompletion.store.BudgetAccount
import io.kompletion.store.CallOutcome
import io.kompletion.store.CooldownPass
import io.kompletion.store.CooldownRules
import io.kompletion.store.RateTake
import io.kompletion.store.SharedStateFactory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import io.lettuce.core.RedisClient
import io.lettuce.core.ScriptOutputType
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.await
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import java.time.Duration
import java.util.ServiceLoader
import java.util.concurrent.atomic.AtomicLong

class RedisStateTest : FunSpec({
    val redis = TestRedis()
    val minute = Duration.ofMinutes(1)
    val raw = RedisClient.create(redis.uri)
    val commands = raw.connect().async()

    fun state(prefix: String = "test", build: RedisStateOptions.Builder.() -> Unit = {}) =
        RedisState.connect(RedisStateOptions.builder().uri(redis.uri).prefix(prefix).apply(build).build())

    // until the second after the next begins
    fun hang() = commands.eval<Long>(
        "local t = redis.call('TIME')[1] + 2; while redis.call('TIME')[1] + 0 < t do end return 1",
        ScriptOutputType.INTEGER,
    )

    afterSpec {
        raw.shutdown()
        redis.close()
    }

    beforeTest { commands.flushall().await() }

    test("two states share everything") {
        state().use { one ->
            state().use { two ->
                one.rateLimits.take(listOf(RateTake("a", 3, minute, 3))).permit.shouldNotBeNull()
                two.rateLimits.take(listOf(RateTake("a", 3, minute, 1))).permit.shouldBeNull()

                val account = BudgetAccount("a", 10, null)
                val reservation = one.budgets.reserve(listOf(account), 6, minute).reservation.shouldNotBeNull()
                two.budgets.reserve(listOf(account), 6, minute).reservation.shouldBeNull()
                two.budgets.settle(reservation, 2).single().spent shouldBe 2
                one.budgets.balance(account).let { it.spent to it.reserved } shouldBe (2L to 0L)

                one.cooldowns.report("a", RULES, CooldownPass.ALLOWED, CallOutcome.FAILURE, minute)
                two.cooldowns.enter("a", RULES).isAllowed shouldBe false

                one.cache.put("a", byteArrayOf(7), minute)
                two.cache.get("a") shouldBe byteArrayOf(7)

                one.flights.lead("a", minute).shouldNotBeNull()
                two.flights.lead("a", minute).shouldBeNull()
            }
        }
    }

    test("a budget holds against many states at once") {
        val account = BudgetAccount("a", 1_000, null)
        val states = List(4) { state() }
        val settled = AtomicLong()
        coroutineScope {
            states.flatMap { one ->
                List(250) {
                    launch(Dispatchers.Default) {
                        val reservation = one.budgets.reserve(listOf(account), 10, minute).reservation ?: return@launch
                        one.budgets.settle(reservation, 7)
                        settled.addAndGet(7)
                    }
                }
            }.joinAll()
        }
        states[0].budgets.balance(account).let { it.spent to it.reserved } shouldBe (settled.get() to 0L)
        (settled.get() in 7..1_000) shouldBe true
        states.forEach { it.close() }
    }

    test("prefixes keep fleets apart, also those that look like patterns, and clearing stays within one") {
        val prefixes = listOf("a", "a*", "[a]", "b?", "bc")
        val states = prefixes.map { state(it) }
        for (one in states) one.cache.put("key", byteArrayOf(1), minute)
        for (one in states) one.rateLimits.take(listOf(RateTake("a", 1, minute, 1))).permit.shouldNotBeNull()
        states[1].cache.clear()
        states[2].cache.clear()
        states[3].cache.clear()
        states.map { it.cache.get("key") != null } shouldBe listOf(true, false, false, false, true)
        states[1].rateLimits.taken(RateTake("a", 1, minute, 0)) shouldBe 1
        states.forEach { it.close() }
    }

    test("every key has the hash tag of its prefix, and an expiry unless it is a lifetime budget") {
        state().use { state ->
            state.rateLimits.take(listOf(RateTake("a", 3, minute, 1)))
            state.cooldowns.report("a", RULES, CooldownPass.ALLOWED, CallOutcome.FAILURE, null)
            state.cooldowns.report("b", RULES, CooldownPass.ALLOWED, CallOutcome.FAILURE, Duration.ofMillis(1))
            delay(5)
            state.cooldowns.enter("b", RULES).isProbe shouldBe true
            state.cache.put("a", byteArrayOf(7), minute)
            state.flights.lead("a", minute)
            val window = BudgetAccount("window", 10, Duration.ofDays(1))
            state.budgets.reserve(listOf(window), 1, Duration.ofMillis(1))
            // Only a lease that is over is charged.
            delay(5)
            val settled = state.budgets.reserve(listOf(window), 1, minute).reservation.shouldNotBeNull()
            state.budgets.settle(settled, 1)
            state.budgets.reserve(listOf(window), 1, minute)
            state.budgets.reserve(listOf(BudgetAccount("ever", 10, null)), 1, minute)
        }
        val keys = commands.keys("*").await()
        keys.filterNot { it.startsWith("{test}:") }.shouldBeEmpty()
        val lasting = keys.filter { commands.pttl(it).await() < 0 }
        lasting.toSet() shouldBe setOf("{test}:budget:purse:ever", "{test}:budget:leases:ever")
        val kinds = keys.map { it.substringAfter(':').substringBeforeLast(':') }.toSet()
        kinds shouldBe setOf(
            "rate:moments", "rate:amounts", "cooldown:health", "cooldown:probes", "cache", "flight",
            "budget:purse", "budget:leases", "budget:charged",
        )
    }

    test("what has gone leaves no keys") {
        state().use { state ->
            val short = RateTake("a", 3, Duration.ofMillis(20), 1)
            state.rateLimits.take(listOf(short)).permit.shouldNotBeNull()
            delay(30)
            state.rateLimits.taken(short) shouldBe 0
            state.cooldowns.report("a", RULES, CooldownPass.ALLOWED, CallOutcome.FAILURE, Duration.ofMillis(1))
            delay(5)
            val probe = state.cooldowns.enter("a", RULES)
            state.cooldowns.report("a", RULES, probe, CallOutcome.SUCCESS, null).hasRecovered shouldBe true
            state.budgets.balance(BudgetAccount("a", 1, minute))
            state.flights.lead("a", minute).shouldNotBeNull().release()
        }
        commands.keys("*").await().shouldBeEmpty()
    }

    test("Redis may forget its scripts") {
        state().use { state ->
            repeat(2) {
                state.rateLimits.take(listOf(RateTake("a", 3, minute, 1))).permit.shouldNotBeNull()
                commands.scriptFlush().await()
            }
            state.rateLimits.taken(RateTake("a", 3, minute, 0)) shouldBe 2
        }
    }

    test("a Redis that hangs does not hang a call") {
        state { commandTimeout(Duration.ofMillis(300)) }.use { state ->
            state.cache.get("a")
            val sleeping = hang()
            val begin = System.nanoTime()
            val failure = shouldThrow<StateUnavailableException> { state.cache.get("a") }
            val took = Duration.ofNanos(System.nanoTime() - begin)
            (took < Duration.ofMillis(900)) shouldBe true
            failure.code shouldBe "state.unavailable"
            failure.message shouldContain "no answer within PT0.3S"
            sleeping.await()
            state.cache.get("a").shouldBeNull()
        }
    }

    test("a reservation that came too late is given back") {
        state { commandTimeout(Duration.ofMillis(300)) }.use { state ->
            val account = BudgetAccount("a", 10, null)
            state.budgets.balance(account)
            val sleeping = hang()
            shouldThrow<StateUnavailableException> { state.budgets.reserve(listOf(account), 10, minute) }
            val cancelled = launch(start = CoroutineStart.UNDISPATCHED) { state.budgets.reserve(listOf(account), 10, minute) }
            cancelled.cancelAndJoin()
            cancelled.isCancelled shouldBe true
            sleeping.await()
            state.budgets.balance(account).let { it.spent to it.reserved } shouldBe (0L to 0L)
        }
    }

    test("an answer of Redis that is an error says so, without a password") {
        commands.set("{test}:rate:moments:a", "not a set").await()
        state().use { state ->
            val failure = shouldThrow<StateUnavailableException> { state.rateLimits.taken(RateTake("a", 3, minute, 0)) }
            failure.message shouldContain "WRONGTYPE"
        }
        val wrong = redis.uri.replace("//", "//:canary-7f3a@")
        commands.configSet("requirepass", "right").await()
        try {
            RedisState.connect(wrong).use { state ->
                val failure = shouldThrow<StateUnavailableException> { state.cache.get("a") }
                ("canary-7f3a" in failure.stackTraceToString()) shouldBe false
            }
            RedisState.connect(redis.uri.replace("//", "//:right@")).use { it.cache.get("a").shouldBeNull() }
        } finally {
            commands.configSet("requirepass", "").await()
        }
    }

    test("a client that is given makes the connection and stays open") {
        val client = RedisClient.create(redis.uri)
        state { client(client) }.use { it.cache.put("a", byteArrayOf(1), minute) }
        val again = state { client(client) }
        again.cache.get("a") shouldBe byteArrayOf(1)
        again.close()
        client.shutdown()
    }

    test("nothing is asked of a state that is closed, nor connected before it is used") {
        val unused = state()
        unused.close()
        shouldThrow<StateUnavailableException> { unused.cache.get("a") }
        val used = state()
        used.cache.get("a")
        used.close()
        used.close()
        shouldThrow<StateUnavailableException> { used.cache.get("a") }
    }

    test("service loading finds it for its schemes") {
        val factory = ServiceLoader.load(SharedStateFactory::class.java).single()
        factory.shouldBeInstanceOf<RedisStateFactory>()
        factory.create("memcached://localhost", "test").shouldBeNull()
        factory.create(redis.uri, "found").shouldNotBeNull().use { it.cache.shouldNotBeNull().put("a", byteArrayOf(1), minute) }
        commands.keys("*").await() shouldBe listOf("{found}:cache:a")
    }

    test("cancelling a call cancels it") {
        state().use { state ->
            state.cache.get("a")
            val calls = List(200) { async(Dispatchers.Default) { state.flights.lead("key $it", minute) } }
            calls.forEach { it.cancel() }
            calls.joinAll()
            calls.all { it.isCancelled || it.isCompleted } shouldBe true
            // what was cancelled leads nothing
            for ((index, call) in calls.withIndex()) {
                val leads = !call.isCancelled && call.await() != null
                state.flights.isLed("key $index") shouldBe leads
            }
        }
    }
})

private val RULES = CooldownRules(
    failures = 3,
    failureRate = 0.5,
    minimumCalls = 10,
    window = Duration.ofMinutes(1),
    rest = Duration.ofSeconds(1),
    maxRest = Duration.ofMinutes(5),
    probes = 1,
    probeLease = Duration.ofMinutes(1),
)
