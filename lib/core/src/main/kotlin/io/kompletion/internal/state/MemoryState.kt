package io.kompletion.internal.state

import io.kompletion.store.CacheStore
import io.kompletion.store.FlightStore
import io.kompletion.store.SharedState

/**
 * The state of one client, lost with it. Every store has a lock of its own, which no call holds while it waits.
 *
 * It has no cache and no flights: the client has those of its own process.
 *
 * @param nanos a monotonic clock, in nanoseconds, for rates and rests
 * @param millis the wall clock, in milliseconds since 1970, for the windows of budgets
 */
internal class MemoryState(
    nanos: () -> Long = System::nanoTime,
    millis: () -> Long = System::currentTimeMillis,
) : SharedState {
    override val budgets: MemoryBudgetStore = MemoryBudgetStore(millis)
    override val rateLimits: MemoryRateLimitStore = MemoryRateLimitStore(nanos)
    override val cooldowns: MemoryCooldownStore = MemoryCooldownStore(nanos)
    override val cache: CacheStore? get() = null
    override val flights: FlightStore? get() = null

    override fun close() = Unit
}
