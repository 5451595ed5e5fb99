package io.kompletion.store

import java.time.Duration

/**
 * Where requests and tokens are counted. Windows slide: at no moment more than the limit was taken in the window that
 * ends then, which a window that starts anew cannot promise.
 *
 * Implementations are safe for any number of callers. Whatever keeps one from answering is an
 * [io.kompletion.error.StateUnavailableException].
 */
public interface RateLimitStore {
    /** Takes from every one of [takes], whose keys differ, or, when one has no room, from none. */
    public suspend fun take(takes: List<RateTake>): RateDecision

    /**
     * Corrects what a permit took to [amounts], in the order of its takes; 0 gives all of it back. The moment that counts
     * stays that of the taking.
     */
    public suspend fun correct(permit: RatePermit, amounts: List<Long>)

    /** What is taken of [take]'s window now. */
    public suspend fun taken(take: RateTake): Long
}

/**
 * @property key names what is limited, the same in every process
 * @property limit most that may be taken in any window
 * @property window its length
 * @property amount what to take; at most [limit]
 */
public class RateTake(
    public val key: String,
    public val limit: Long,
    public val window: Duration,
    public val amount: Long,
) {
    init {
        require(amount in 0..limit) { "amount must be between 0 and the limit $limit, got $amount" }
        require(window > Duration.ZERO) { "window must be positive, got $window" }
    }

    override fun toString(): String = "RateTake($key, $amount of $limit in $window)"
}

/** Something taken; [id] is unique among all processes. */
public class RatePermit(public val id: String, public val takes: List<RateTake>)

/**
 * The answer to a taking: either a permit, or how long until there is room in [refusedBy] if nobody else takes it. When
 * several have no room, it is the one that takes longest.
 */
public class RateDecision private constructor(
    public val permit: RatePermit?,
    public val refusedBy: RateTake?,
    public val retryAfter: Duration?,
) {
    public companion object {
        @JvmStatic
        public fun granted(permit: RatePermit): RateDecision = RateDecision(permit, null, null)

        @JvmStatic
        public fun refused(by: RateTake, retryAfter: Duration): RateDecision = RateDecision(null, by, retryAfter)
    }
}
