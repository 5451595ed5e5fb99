package io.kompletion.policy

import java.time.Duration

/**
 * Lets a target rest that fails, instead of asking it again and again: a circuit breaker for each model of each provider,
 * base URL and key. While one rests, its calls go to the next fallback at once, and fail with an `OverloadedException` whose
 * `retryAfter` is what is left of the rest when there is none. When the rest is over, a few calls are let through to find
 * out; the first that succeeds ends it, one that fails doubles it.
 *
 * Failures are those that may pass (429, 5xx, broken connections, timeouts but the total one) and streams that break off.
 * A refused key and an empty account let a target rest at once, so that the other deployments serve. Errors of the request
 * itself are answers like any other, and what is cancelled counts for nothing.
 *
 * Immutable, and safe to share.
 *
 * @property failures failures in a row that let a target rest; 5 unless set
 * @property failureRate share of failures, above 0 and at most 1, that lets a target rest, too; null switches that
 *   off
 * @property minimumCalls calls in a window before [failureRate] means anything; 10 unless set
 * @property window over which [failureRate] is counted; a minute unless set
 * @property rest how long a target rests at first; 30 seconds unless set
 * @property maxRest the longest rest; 5 minutes unless set
 * @property probes calls that are let through at once to find out; 1 unless set
 * @property restOnRateLimit whether a 429 that says when to come back lets the target rest until then, at most
 *   [maxRest]
 */
public class Cooldown private constructor(builder: Builder) {
    public val failures: Int = builder.failures
    public val failureRate: Double? = builder.failureRate
    public val minimumCalls: Int = builder.minimumCalls
    public val window: Duration = builder.window
    public val rest: Duration = builder.rest
    public val maxRest: Duration = builder.maxRest
    public val probes: Int = builder.probes
    public val restOnRateLimit: Boolean = builder.restOnRateLimit

    public fun toBuilder(): Builder = Builder()
        .failures(failures)
        .failureRate(failureRate)
        .minimumCalls(minimumCalls)
        .window(window)
        .rest(rest)
        .maxRest(maxRest)
        .probes(probes)
        .restOnRateLimit(restOnRateLimit)

    override fun toString(): String =
        "Cooldown(failures=$failures, failureRate=$failureRate, minimumCalls=$minimumCalls, " +
            "window=$window, rest=$rest, maxRest=$maxRest, probes=$probes, " +
            "restOnRateLimit=$restOnRateLimit)"

    /** Collects a [Cooldown]; starts with the defaults. */
    public class Builder internal constructor() {
        /** 5 unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var failures: Int = 5

        @get:JvmSynthetic @set:JvmSynthetic public var failureRate: Double? = null

        /** 10 unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var minimumCalls: Int = 10

        /** A minute unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var window: Duration = Duration.ofMinutes(1)

        /** 30 seconds unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var rest: Duration = Duration.ofSeconds(30)

        /** 5 minutes unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var maxRest: Duration = Duration.ofMinutes(5)

        /** 1 unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var probes: Int = 1

        /** True unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var restOnRateLimit: Boolean = true

        public fun failures(value: Int): Builder = apply { failures = value }

        public fun failureRate(value: Double?): Builder = apply { failureRate = value }

        public fun minimumCalls(value: Int): Builder = apply { minimumCalls = value }

        public fun window(value: Duration): Builder = apply { window = value }

        public fun rest(value: Duration): Builder = apply { rest = value }

        public fun maxRest(value: Duration): Builder = apply { maxRest = value }

        public fun probes(value: Int): Builder = apply { probes = value }

        public fun restOnRateLimit(value: Boolean): Builder = apply { restOnRateLimit = value }

        /** @throws IllegalArgumentException when a value cannot work; it says which */
        public fun build(): Cooldown {
            require(failures > 0) { "failures must be positive, got $failures" }
            require(
                failureRate?.let {
                    it > 0 && it <= 1
                } ?: true,
            ) { "failureRate must be above 0 and at most 1, got $failureRate" }
            require(minimumCalls > 0) { "minimumCalls must be positive, got $minimumCalls" }
            Values.positive("window", window)
            Values.positive("rest", rest)
            require(maxRest >= rest) { "maxRest must not be less than rest, got $maxRest and $rest" }
            require(probes > 0) { "probes must be positive, got $probes" }
            return Cooldown(this)
        }
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder()
    }
}
