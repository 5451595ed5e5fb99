package io.kompletion.internal.call

import io.kompletion.chat.RetryConfiguration
import io.kompletion.error.KompletionException
import io.kompletion.error.RateLimitedException
import java.time.Duration
import kotlin.random.Random

/** Decides about the repeats of one target. */
internal class RetryPlan(
    private val configuration: RetryConfiguration,
    private val budget: RetryBudget,
    private val key: String,
    private val random: Random,
) {
    private var repeats = 0
    private var taken = 0

    /** The pause before the next try, or null when there is none to be. [left] is what remains of the total time. */
    fun next(failure: KompletionException, left: Duration?): Duration? {
        if (!configuration.enabled || repeats >= configuration.maxRetries || !failure.isRetryable) return null
        return again(failure, left)
    }

    /** The same where something else than this configuration says how often; storms are stopped all the same. */
    fun again(failure: KompletionException, left: Duration?): Duration? {
        val hint = failure.retryAfter ?: Duration.ZERO
        if (hint > configuration.maxRetryAfter) return null
        val pause = maxOf(hint, jitter())
        if (left != null && pause >= left) return null
        val cost = if (failure is RateLimitedException) RetryBudget.THROTTLED_COST else RetryBudget.TRANSIENT_COST
        if (!budget.take(key, cost)) return null
        taken += cost
        repeats++
        return pause
    }

    fun succeeded() = budget.refund(key, taken)

    /** Full jitter: anything between nothing and the bound, so that clients that failed together do not return together. */
    private fun jitter(): Duration {
        var bound = configuration.retryDelay.toNanos().toDouble()
        repeat(repeats) { bound *= configuration.backoffMultiplier }
        val most = minOf(bound, configuration.maxDelay.toNanos().toDouble()).toLong()
        return if (most <= 0) Duration.ZERO else Duration.ofNanos(random.nextLong(most + 1))
    }
}
