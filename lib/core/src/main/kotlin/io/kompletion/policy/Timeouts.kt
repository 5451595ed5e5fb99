package io.kompletion.policy

import java.time.Duration

/**
 * The four clocks of a call. Each has its own kind of `TimeoutException`. Null switches a clock off.
 *
 * @property connect name look-up, TCP and TLS of one try; 10 s unless set
 * @property firstChunk from sending a streamed try to its first chunk; keep-alive comments do not count. 60 s unless
 *   set; give reasoning models minutes. Does not apply to `chat()`, whose answer comes in one piece when it is done
 * @property idle between two arrivals of bytes once an answer has begun; keep-alive comments count as life. 60 s unless
 *   set. Time that a slow collector takes does not count
 * @property total the whole call, retries, pauses and fallbacks included; 10 minutes for `chat()` unless set, none for
 *   streams. `ChatCompletionRequest.timeout` sets it for one call
 */
public class Timeouts private constructor(
    public val connect: Duration,
    public val firstChunk: Duration?,
    public val idle: Duration?,
    public val total: Duration?,
    public val streamTotal: Duration?,
) {
    public fun toBuilder(): Builder =
        Builder().connect(connect).firstChunk(firstChunk).idle(idle).total(total).streamTotal(streamTotal)

    override fun toString(): String =
        "Timeouts(connect=$connect, firstChunk=$firstChunk, idle=$idle, total=$total, streamTotal=$streamTotal)"

    /** Collects [Timeouts]; starts with the defaults. */
    public class Builder {
        @get:JvmSynthetic @set:JvmSynthetic public var connect: Duration = Duration.ofSeconds(10)

        @get:JvmSynthetic @set:JvmSynthetic public var firstChunk: Duration? = Duration.ofSeconds(60)

        @get:JvmSynthetic @set:JvmSynthetic public var idle: Duration? = Duration.ofSeconds(60)

        /** For `chat()`. */
        @get:JvmSynthetic @set:JvmSynthetic public var total: Duration? = Duration.ofMinutes(10)

        /** For streams. */
        @get:JvmSynthetic @set:JvmSynthetic public var streamTotal: Duration? = null

        public fun connect(value: Duration): Builder = apply { connect = value }

        public fun firstChunk(value: Duration?): Builder = apply { firstChunk = value }

        public fun idle(value: Duration?): Builder = apply { idle = value }

        public fun total(value: Duration?): Builder = apply { total = value }

        public fun streamTotal(value: Duration?): Builder = apply { streamTotal = value }

        public fun build(): Timeouts {
            for ((name, value) in listOf(
                "connect" to connect,
                "firstChunk" to firstChunk,
                "idle" to idle,
                "total" to total,
                "streamTotal" to streamTotal,
            )) {
                require(value == null || !(value.isZero || value.isNegative)) {
                    "$name timeout must be positive, got $value"
                }
            }
            return Timeouts(connect, firstChunk, idle, total, streamTotal)
        }
    }

    public companion object {
        @JvmField
        public val DEFAULT: Timeouts = Builder().build()

        @JvmStatic
        public fun builder(): Builder = Builder()
    }
}
