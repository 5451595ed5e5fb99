package io.kompletion.policy

import java.time.Duration

/**
 * Asks a second target when the first takes too long to begin, and takes the answer of whichever begins first; the other one
 * is cancelled. For voices, whose users hear every second. It costs a second call each time.
 *
 * A stream has begun with its first chunk, a whole answer when it is there. The second target is the request's first
 * fallback; without any, the same target is asked a second time.
 *
 * Immutable, and safe to share.
 *
 * @property delay how long the first target has; 1 second unless set
 * @property sameTarget whether the same target is asked a second time when there is no fallback
 */
public class Hedge private constructor(builder: Builder) {
    public val delay: Duration = builder.delay
    public val sameTarget: Boolean = builder.sameTarget

    public fun toBuilder(): Builder = Builder()
        .delay(delay)
        .sameTarget(sameTarget)

    override fun toString(): String = "Hedge(delay=$delay, sameTarget=$sameTarget)"

    /** Collects a [Hedge]; starts with the defaults. */
    public class Builder internal constructor() {
        /** 1 second unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var delay: Duration = Duration.ofSeconds(1)

        /** True unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var sameTarget: Boolean = true

        public fun delay(value: Duration): Builder = apply { delay = value }

        public fun sameTarget(value: Boolean): Builder = apply { sameTarget = value }

        /** @throws IllegalArgumentException when a value cannot work; it says which */
        public fun build(): Hedge {
            Values.positive("delay", delay)
            return Hedge(this)
        }
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder()
    }
}
