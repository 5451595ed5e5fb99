package io.kompletion.testkit.contract

import io.kotest.core.spec.style.FunSpec
import java.time.Duration
import java.util.concurrent.atomic.AtomicLong

class MemoryStateContractTest : FunSpec({
    val time = VirtualTime()
    val state = MemoryStates.create(time::nanos) { time.nanos() / 1_000_000 }

    include(rateLimitStoreContract("rate limits in memory", time) { state.rateLimits })
    include(budgetStoreContract("budgets in memory", time, outlivesProcess = false) { state.budgets })
    include(cooldownStoreContract("cooldowns in memory", time) { state.cooldowns })
})

/** Passes when it is told to, and then exactly. */
private class VirtualTime : StoreTime {
    private val now = AtomicLong(Duration.ofDays(20_000).toNanos())

    override val window: Duration = Duration.ofSeconds(1)
    override val tolerance: Duration = Duration.ZERO

    override fun nanos(): Long = now.get()

    override suspend fun pass(duration: Duration) {
        now.addAndGet(duration.toNanos())
    }
}
