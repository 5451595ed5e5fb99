package io.kompletion.internal.state

import io.kompletion.store.RateDecision
import io.kompletion.store.RateLimitStore
import io.kompletion.store.RatePermit
import io.kompletion.store.RateTake
import java.time.Duration

/** Exact sliding windows on the monotonic clock [nanos], under one lock that is held for O(1) in the long run. */
internal class MemoryRateLimitStore(private val nanos: () -> Long) : RateLimitStore {
    private val lock = Any()
    private val logs = SweptMap<RateLog> { it.isIdle(nanos()) }
    private val ids = StateIds()

    /** How many keys are remembered. */
    val size: Int get() = synchronized(lock) { logs.size }

    override suspend fun take(takes: List<RateTake>): RateDecision {
        require(takes.distinctBy { it.key }.size == takes.size) { "A key stands more than once in $takes" }
        return synchronized(lock) { takeLocked(takes, nanos()) }
    }

    private fun takeLocked(takes: List<RateTake>, now: Long): RateDecision {
        var longest = 0L
        var refusedBy: RateTake? = null
        for (take in takes) {
            val log = current(take, now) ?: continue
            val wait = log.waitFor(take.amount, take.limit, now)
            if (wait > longest) {
                longest = wait
                refusedBy = take
            }
        }
        if (refusedBy != null) return RateDecision.refused(refusedBy, Duration.ofNanos(longest))
        val permit = RatePermit(ids.next(), takes)
        for (take in takes) {
            val log = logs.getOrPut(take.key) { RateLog() }
            log.expire(now, take.window.inNanos())
            log.add(permit.id, take.amount, now)
        }
        return RateDecision.granted(permit)
    }

    override suspend fun correct(permit: RatePermit, amounts: List<Long>) {
        require(amounts.size == permit.takes.size) { "${amounts.size} amounts for ${permit.takes.size} takes" }
        require(amounts.all { it >= 0 }) { "An amount is negative in $amounts" }
        synchronized(lock) {
            permit.takes.forEachIndexed { index, take -> logs[take.key]?.correct(permit.id, amounts[index]) }
        }
    }

    override suspend fun taken(take: RateTake): Long = synchronized(lock) { current(take, nanos())?.sum ?: 0 }

    private fun current(take: RateTake, now: Long): RateLog? =
        logs[take.key]?.also { it.expire(now, take.window.inNanos()) }
}
