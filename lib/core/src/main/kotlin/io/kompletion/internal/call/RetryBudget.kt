package io.kompletion.internal.call

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger

/**
 * Stops retry storms: every repeat takes tokens from a bucket of its provider and base URL, a success gives them back,
 * and with an empty bucket nothing is repeated. When a provider is down, all callers together send little more than one
 * request each instead of four.
 *
 * Capacity and costs are those of the AWS SDKs, which have the longest experience with it. Thread-safe.
 */
internal class RetryBudget {
    private val buckets = ConcurrentHashMap<String, AtomicInteger>()

    /** Takes [cost] tokens; false when there are too few. */
    fun take(key: String, cost: Int): Boolean {
        val bucket = bucket(key)
        while (true) {
            val left = bucket.get()
            if (left < cost) return false
            if (bucket.compareAndSet(left, left - cost)) return true
        }
    }

    /** Gives back what the repeats of a successful call took, and one token when there were none. */
    fun refund(key: String, cost: Int) {
        val bucket = buckets[key] ?: return
        bucket.updateAndGet { minOf(CAPACITY, it + maxOf(1, cost)) }
    }

    private fun bucket(key: String) = buckets.computeIfAbsent(key) { AtomicInteger(CAPACITY) }

    companion object {
        const val CAPACITY = 500
        const val TRANSIENT_COST = 14
        const val THROTTLED_COST = 5
    }
}
