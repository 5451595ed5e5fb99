package io.kompletion.policy

import java.time.Duration

/**
 * How many requests and tokens may go out in any window of time. Windows slide: no stretch of [window] ever holds more than
 * the limit, whenever it begins. Waiting calls go in the order in which they came, may be cancelled, and stay within the
 * total time of their call.
 *
 * The tokens of a try are estimated before it is sent, its input from its text and its output from `max_tokens`, and set
 * right when the answer says how many they were; a try that never reached the provider gives all back. A try that is larger
 * than the whole limit waits until it has the window for itself.
 *
 * Limits are kept in memory, or for a fleet in the client's `sharedState`; there, calls of one process go in their order, and
 * processes compete.
 *
 * Immutable, and safe to share.
 *
 * @property requests requests in a window; null sets no limit
 * @property tokens tokens in a window, read and written together; null sets no limit
 * @property window the length of the window; a minute unless set
 * @property per who shares one limit; everybody who calls the same model unless set
 * @property only limits only this one of the scope: a model as `provider/model`, a provider, a tenant or a user;
 *   null limits each of them
 * @property whenExceeded whether a call waits for its turn, or fails with a `RateLimitedException` whose
 *   `retryAfter` says how long it would have waited
 * @property maxWait longest wait; a call that would wait longer fails at once. Null waits as long as the total
 *   time of the call allows
 * @property assumedOutputTokens output that is reserved for requests that do not say `max_tokens`; 1024 unless set
 * @property whenUnavailable what happens while shared state does not answer; calls are let through unless set
 */
public class RateLimit private constructor(builder: Builder) {
    public val requests: Int? = builder.requests
    public val tokens: Long? = builder.tokens
    public val window: Duration = builder.window
    public val per: LimitScope = builder.per
    public val only: String? = builder.only
    public val whenExceeded: WhenExceeded = builder.whenExceeded
    public val maxWait: Duration? = builder.maxWait
    public val assumedOutputTokens: Int = builder.assumedOutputTokens
    public val whenUnavailable: WhenUnavailable = builder.whenUnavailable

    public fun toBuilder(): Builder = Builder()
        .requests(requests)
        .tokens(tokens)
        .window(window)
        .per(per)
        .only(only)
        .whenExceeded(whenExceeded)
        .maxWait(maxWait)
        .assumedOutputTokens(assumedOutputTokens)
        .whenUnavailable(whenUnavailable)

    override fun toString(): String =
        "RateLimit(requests=$requests, tokens=$tokens, window=$window, per=$per, only=$only, " +
            "whenExceeded=$whenExceeded, maxWait=$maxWait, " +
            "assumedOutputTokens=$assumedOutputTokens, whenUnavailable=$whenUnavailable)"

    /** Collects a [RateLimit]; starts with the defaults. */
    public class Builder internal constructor() {
        @get:JvmSynthetic @set:JvmSynthetic public var requests: Int? = null

        @get:JvmSynthetic @set:JvmSynthetic public var tokens: Long? = null

        /** A minute unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var window: Duration = Duration.ofMinutes(1)

        /** [LimitScope.MODEL] unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var per: LimitScope = LimitScope.MODEL

        @get:JvmSynthetic @set:JvmSynthetic public var only: String? = null

        /** [WhenExceeded.WAIT] unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var whenExceeded: WhenExceeded = WhenExceeded.WAIT

        @get:JvmSynthetic @set:JvmSynthetic public var maxWait: Duration? = null

        /** 1024 unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var assumedOutputTokens: Int = 1024

        /** [WhenUnavailable.ALLOW] unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var whenUnavailable: WhenUnavailable = WhenUnavailable.ALLOW

        public fun requests(value: Int?): Builder = apply { requests = value }

        public fun tokens(value: Long?): Builder = apply { tokens = value }

        public fun window(value: Duration): Builder = apply { window = value }

        public fun per(value: LimitScope): Builder = apply { per = value }

        public fun only(value: String?): Builder = apply { only = value }

        public fun whenExceeded(value: WhenExceeded): Builder = apply { whenExceeded = value }

        public fun maxWait(value: Duration?): Builder = apply { maxWait = value }

        public fun assumedOutputTokens(value: Int): Builder = apply { assumedOutputTokens = value }

        public fun whenUnavailable(value: WhenUnavailable): Builder = apply { whenUnavailable = value }

        /** @throws IllegalArgumentException when a value cannot work; it says which */
        public fun build(): RateLimit {
            require(requests != null || tokens != null) { "a rate limit needs requests or tokens" }
            require((requests ?: 1) > 0) { "requests must be positive, got $requests" }
            require((tokens ?: 1) > 0) { "tokens must be positive, got $tokens" }
            Values.positive("window", window)
            maxWait?.let { Values.notNegative("maxWait", it) }
            require(assumedOutputTokens > 0) { "assumedOutputTokens must be positive, got $assumedOutputTokens" }
            Values.only(per, only)
            return RateLimit(this)
        }
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder()
    }
}
