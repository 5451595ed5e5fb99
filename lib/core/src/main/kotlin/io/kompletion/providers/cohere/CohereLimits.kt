package io.kompletion.providers.cohere

import io.kompletion.chat.RateLimits
import io.kompletion.transport.WireHeaders
import java.time.Duration
import java.time.Instant

/**
 * What Cohere's headers say about limits. A trial key has few calls a minute, and the head says how many are left.
 *
 * @see <a href="https://docs.cohere.com/docs/rate-limits">Cohere: rate limits</a>
 */
internal object CohereLimits {
    fun of(headers: WireHeaders, now: Instant): RateLimits? {
        val limits = RateLimits(
            limitRequests = count(headers, "x-trial-endpoint-call-limit"),
            remainingRequests = count(headers, "x-trial-endpoint-call-remaining"),
            resetRequests = untilReset(headers, now),
        )
        return limits.takeIf { it != RateLimits(null) }
    }

    /** The time until `x-ratelimit-reset`, in seconds since 1970; null when that is past or makes no sense. */
    fun untilReset(headers: WireHeaders, now: Instant): Duration? {
        val seconds = count(headers, "x-ratelimit-reset")?.takeIf { it <= FARTHEST } ?: return null
        return Duration.between(now, Instant.ofEpochSecond(seconds)).takeUnless { it.isNegative || it.isZero }
    }

    private fun count(headers: WireHeaders, name: String) = headers[name]?.trim()?.toLongOrNull()?.takeIf { it >= 0 }

    /** The end of the year 9999. */
    private const val FARTHEST = 253_402_300_799
}
