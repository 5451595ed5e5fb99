package io.kompletion.redis.internal

import io.kompletion.store.RateDecision
import io.kompletion.store.RateLimitStore
import io.kompletion.store.RatePermit
import io.kompletion.store.RateTake

/** Exact sliding windows: a sorted set of moments and a hash of amounts with their sum for each key. */
internal class RedisRateLimitStore(private val link: RedisLink, private val keys: RedisKeys) : RateLimitStore {
    private val ids = RedisIds()

    override suspend fun take(takes: List<RateTake>): RateDecision {
        require(takes.distinctBy { it.key }.size == takes.size) { "A key stands more than once in $takes" }
        val permit = RatePermit(ids.next(), takes)
        val names = takes.flatMap { keys.window(it.key) }
        val args = takes.flatMap { listOf(it.limit, it.window.inMicros(), it.amount) }
        val nothing = Array<Any>(takes.size) { 0 }
        val (refused, wait) = link.undoing(CORRECT, names, permit.id, *nothing) {
            list(TAKE, names, permit.id, *args.toTypedArray())
        }
        if (refused == 0L) return RateDecision.granted(permit)
        return RateDecision.refused(takes[(refused as Long).toInt() - 1], micros(wait as Long))
    }

    override suspend fun correct(permit: RatePermit, amounts: List<Long>) {
        require(amounts.size == permit.takes.size) { "${amounts.size} amounts for ${permit.takes.size} takes" }
        require(amounts.all { it >= 0 }) { "An amount is negative in $amounts" }
        if (amounts.isEmpty()) return
        link.number(CORRECT, permit.takes.flatMap { keys.window(it.key) }, permit.id, *amounts.toTypedArray())
    }

    override suspend fun taken(take: RateTake): Long = link.number(TAKEN, keys.window(take.key), take.window.inMicros())

    private companion object {
        val TAKE = LuaScript.of("clock", "rate-windows", "rate-take")
        val TAKEN = LuaScript.of("clock", "rate-windows", "rate-taken")
        val CORRECT = LuaScript.of("rate-correct")
    }
}
