package io.kompletion.chat

import io.kompletion.chat.json.SecondsSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import java.time.Duration

/**
 * How often and how patiently a failed try is repeated. Only failures that may pass are repeated (429 without a quota
 * code, 408, 5xx, broken connections, timeouts but the total one), and of a stream only before its first chunk.
 *
 * The pause before repeat n (from 0) is a random part of `retryDelay × backoffMultiplier^n`, at most [maxDelay]; a hint
 * of the provider is a minimum. A hint longer than [maxRetryAfter], or than what is left of the total time, ends the
 * tries at once, and the exception carries it.
 *
 * @property enabled false switches repeats off
 * @property maxRetries repeats after the first try, 0 to 100
 * @property retryDelay upper bound of the first pause
 * @property backoffMultiplier growth of that bound, at least 1
 * @property maxDelay largest bound
 * @property maxRetryAfter longest hint of a provider that is waited for
 */
@Serializable
@ConsistentCopyVisibility
public data class RetryConfiguration internal constructor(
    public val enabled: Boolean,
    @SerialName("max_retries") public val maxRetries: Int = DEFAULT_MAX_RETRIES,
    @SerialName("retry_delay")
    @Serializable(with = SecondsSerializer::class)
    public val retryDelay: Duration = DEFAULT_DELAY,
    @SerialName("backoff_multiplier") public val backoffMultiplier: Double = 2.0,
    @SerialName("max_delay")
    @Serializable(with = SecondsSerializer::class)
    public val maxDelay: Duration = DEFAULT_MAX_DELAY,
    @SerialName("max_retry_after")
    @Serializable(with = SecondsSerializer::class)
    public val maxRetryAfter: Duration = DEFAULT_MAX_RETRY_AFTER,
) {
    init {
        require(maxRetries in 0..MAX_RETRIES) { "max_retries must be in 0..$MAX_RETRIES, got $maxRetries" }
        require(!retryDelay.isNegative) { "retry_delay must not be negative, got $retryDelay" }
        require(backoffMultiplier >= 1.0 && backoffMultiplier.isFinite()) {
            "backoff_multiplier must be at least 1, got $backoffMultiplier"
        }
        require(!maxDelay.isNegative) { "max_delay must not be negative, got $maxDelay" }
        require(!maxRetryAfter.isNegative) { "max_retry_after must not be negative, got $maxRetryAfter" }
    }

    public fun toBuilder(): Builder = Builder(this)

    /** Collects a [RetryConfiguration]; starts with the defaults. */
    public class Builder internal constructor(from: RetryConfiguration) {
        @get:JvmSynthetic @set:JvmSynthetic public var enabled: Boolean = from.enabled

        @get:JvmSynthetic @set:JvmSynthetic public var maxRetries: Int = from.maxRetries

        @get:JvmSynthetic @set:JvmSynthetic public var retryDelay: Duration = from.retryDelay

        @get:JvmSynthetic @set:JvmSynthetic public var backoffMultiplier: Double = from.backoffMultiplier

        @get:JvmSynthetic @set:JvmSynthetic public var maxDelay: Duration = from.maxDelay

        @get:JvmSynthetic @set:JvmSynthetic public var maxRetryAfter: Duration = from.maxRetryAfter

        public fun enabled(value: Boolean): Builder = apply { enabled = value }

        public fun maxRetries(value: Int): Builder = apply { maxRetries = value }

        public fun retryDelay(value: Duration): Builder = apply { retryDelay = value }

        public fun backoffMultiplier(value: Double): Builder = apply { backoffMultiplier = value }

        public fun maxDelay(value: Duration): Builder = apply { maxDelay = value }

        public fun maxRetryAfter(value: Duration): Builder = apply { maxRetryAfter = value }

        public fun build(): RetryConfiguration =
            RetryConfiguration(enabled, maxRetries, retryDelay, backoffMultiplier, maxDelay, maxRetryAfter)
    }

    public companion object {
        private const val DEFAULT_MAX_RETRIES = 3
        private const val MAX_RETRIES = 100
        private val DEFAULT_DELAY: Duration = Duration.ofSeconds(1)
        private val DEFAULT_MAX_DELAY: Duration = Duration.ofSeconds(8)
        private val DEFAULT_MAX_RETRY_AFTER: Duration = Duration.ofSeconds(60)

        /** Three repeats, pauses of up to 1, 2 and 4 seconds. */
        @JvmField
        public val DEFAULT: RetryConfiguration = RetryConfiguration(true)

        /** One try only. */
        @JvmField
        public val NONE: RetryConfiguration = RetryConfiguration(false)

        @JvmStatic
        public fun builder(): Builder = Builder(DEFAULT)
    }
}
