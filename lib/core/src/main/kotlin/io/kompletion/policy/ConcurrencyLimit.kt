package io.kompletion.policy

import java.time.Duration

/**
 * How many tries may run at once; others wait in the order in which they came, and may be cancelled. A try runs from its
 * request to the end of its answer, so that a stream holds its place until it has been read. Counted in each process for
 * itself.
 *
 * Immutable, and safe to share.
 *
 * @property maxConcurrent tries that run at once; 64 unless set
 * @property per who shares one limit; all calls of a provider unless set
 * @property only limits only this one of the scope: a model as `provider/model`, a provider, a tenant or a user;
 *   null limits each of them
 * @property whenExceeded whether a call waits for its turn, or fails with a `RateLimitedException`
 * @property maxWaiting calls that may wait at once; one more fails. Null sets no limit
 * @property maxWait longest wait; null waits as long as the total time of the call allows
 */
public class ConcurrencyLimit private constructor(builder: Builder) {
    public val maxConcurrent: Int = builder.maxConcurrent
    public val per: LimitScope = builder.per
    public val only: String? = builder.only
    public val whenExceeded: WhenExceeded = builder.whenExceeded
    public val maxWaiting: Int? = builder.maxWaiting
    public val maxWait: Duration? = builder.maxWait

    public fun toBuilder(): Builder = Builder()
        .maxConcurrent(maxConcurrent)
        .per(per)
        .only(only)
        .whenExceeded(whenExceeded)
        .maxWaiting(maxWaiting)
        .maxWait(maxWait)

    override fun toString(): String =
        "ConcurrencyLimit(maxConcurrent=$maxConcurrent, per=$per, only=$only, whenExceeded=$whenExceeded, " +
            "maxWaiting=$maxWaiting, maxWait=$maxWait)"

    /** Collects a [ConcurrencyLimit]; starts with the defaults. */
    public class Builder internal constructor() {
        /** 64 unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var maxConcurrent: Int = 64

        /** [LimitScope.PROVIDER] unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var per: LimitScope = LimitScope.PROVIDER

        @get:JvmSynthetic @set:JvmSynthetic public var only: String? = null

        /** [WhenExceeded.WAIT] unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var whenExceeded: WhenExceeded = WhenExceeded.WAIT

        @get:JvmSynthetic @set:JvmSynthetic public var maxWaiting: Int? = null

        @get:JvmSynthetic @set:JvmSynthetic public var maxWait: Duration? = null

        public fun maxConcurrent(value: Int): Builder = apply { maxConcurrent = value }

        public fun per(value: LimitScope): Builder = apply { per = value }

        public fun only(value: String?): Builder = apply { only = value }

        public fun whenExceeded(value: WhenExceeded): Builder = apply { whenExceeded = value }

        public fun maxWaiting(value: Int?): Builder = apply { maxWaiting = value }

        public fun maxWait(value: Duration?): Builder = apply { maxWait = value }

        /** @throws IllegalArgumentException when a value cannot work; it says which */
        public fun build(): ConcurrencyLimit {
            require(maxConcurrent > 0) { "maxConcurrent must be positive, got $maxConcurrent" }
            require((maxWaiting ?: 0) >= 0) { "maxWaiting must not be negative, got $maxWaiting" }
            maxWait?.let { Values.notNegative("maxWait", it) }
            Values.only(per, only)
            return ConcurrencyLimit(this)
        }
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder()
    }
}
