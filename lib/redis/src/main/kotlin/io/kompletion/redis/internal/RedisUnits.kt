package io.kompletion.redis.internal

import java.time.Duration
import java.util.UUID
import java.util.concurrent.atomic.AtomicLong

/** A century: added to the time in microseconds it is still exact in a number of Lua. */
private val LONGEST = Duration.ofDays(36_500)

/** Scripts count in microseconds; at least one, at most a century. */
internal fun Duration.inMicros(): Long = maxOf(1, minOf(this, LONGEST).toNanos() / 1_000)

internal fun micros(count: Long): Duration = Duration.ofNanos(count * 1_000)

/** Expiries are in milliseconds; rounded up, at least one, at most a century. */
internal fun Duration.inMillis(): Long = maxOf(1, minOf(this, LONGEST).plusNanos(999_999).toMillis())

/** Ids that no other process gives: one random part for the store, and a number. */
internal class RedisIds {
    private val store = UUID.randomUUID().let {
        // short, as Redis keeps one for each call of a window
        (it.mostSignificantBits xor it.leastSignificantBits).toULong().toString(Character.MAX_RADIX)
    }
    private val last = AtomicLong()

    fun next(): String = "$store-${last.incrementAndGet().toString(Character.MAX_RADIX)}"
}
