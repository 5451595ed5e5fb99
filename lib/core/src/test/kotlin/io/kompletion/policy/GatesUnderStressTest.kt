package io.kompletion.policy

import io.kompletion.chat.targets
import io.kompletion.internal.policy.BudgetKeeper
import io.kompletion.internal.policy.ConcurrencyLimiter
import io.kompletion.internal.policy.Gates
import io.kompletion.internal.policy.Passage
import io.kompletion.internal.policy.RateLimiter
import io.kompletion.internal.policy.TryEnd
import io.kompletion.internal.policy.TryFacts
import io.kompletion.internal.price.Catalog
import io.kompletion.internal.price.CostBound
import io.kompletion.internal.state.MemoryState
import io.kompletion.store.BudgetAccount
import io.kompletion.store.RateTake
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random
import kotlin.time.Duration.Companion.microseconds

/** On real threads: whatever moment a try is cancelled or runs out of time in, nothing that it was granted stays taken. */
class GatesUnderStressTest : FunSpec({
    test("tries that are cancelled and time out in any moment leave every gate as they found it") {
        val state = MemoryState()
        val rates = RateLimiter(
            listOf(
                RateLimit.builder().requests(50).window(Duration.ofMillis(20)).maxWait(Duration.ofMillis(3)).build(),
                RateLimit.builder().requests(1_000_000).window(Duration.ofHours(1)).per(LimitScope.GLOBAL).build(),
            ),
            state.rateLimits,
            System::nanoTime,
        )
        val places = ConcurrencyLimiter(
            ConcurrencyLimit.builder().maxConcurrent(3).maxWait(Duration.ofMillis(2)).build(),
            System::nanoTime,
        )
        val budget = Budget.builder().global(1_000.usd).unknownPrice(Budget.UnknownPrice.ALLOW).build()
        val keeper = BudgetKeeper(budget, state.budgets, CostBound(Catalog(emptyList(), { it })))
        val gates = Gates(listOf(rates, places, keeper))
        val request = asked("openai/gpt-4o") { maxTokens = 5 }
        val target = request.targets().first()
        val passed = AtomicInteger()

        suspend fun attempt(random: Random) {
            val passage = Passage()
            try {
                val facts = TryFacts(1, request, target, { null }) { }
                withTimeoutOrNull(random.nextInt(1, 4_000).microseconds) { gates.enter(facts, passage) } ?: return
                passed.incrementAndGet()
                if (random.nextBoolean()) yield() else delay(1)
            } catch (_: io.kompletion.error.RateLimitedException) {
                return
            } finally {
                passage.leave(TryEnd.UNSENT)
            }
        }

        withContext(Dispatchers.Default) {
            coroutineScope {
                List(16) { worker ->
                    launch {
                        val random = Random(worker)
                        repeat(500) {
                            val call = launch { attempt(random) }
                            if (random.nextInt(3) == 0) {
                                delay(random.nextInt(0, 3_000).microseconds)
                                call.cancelAndJoin()
                            } else {
                                call.join()
                            }
                        }
                    }
                }.joinAll()
            }
        }
        println("gates under stress: 8000 tries, $passed passed, ${places.inUse} places and ${rates.waiting} turns taken")
        passed.get() shouldBeGreaterThan 100
        places.inUse shouldBe 0
        rates.waiting shouldBe 0
        state.budgets.balance(BudgetAccount("default global", null, null)).reserved shouldBe 0
        state.rateLimits.taken(RateTake("requests global 3600000", 1_000_000, Duration.ofHours(1), 0)) shouldBe 0
    }
})
