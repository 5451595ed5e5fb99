package io.kompletion.store

import java.time.Duration

/**
 * Where the health of targets is kept: closed while all is well, open while a target rests, half open when its rest is
 * over and a few calls are let through to find out.
 *
 * Implementations are safe for any number of callers. Whatever keeps one from answering is an
 * [io.kompletion.error.StateUnavailableException].
 */
public interface CooldownStore {
    /** Asks to call the target [key]. A pass that [isProbe][CooldownPass.isProbe] holds one of the probes until reported. */
    public suspend fun enter(key: String, rules: CooldownRules): CooldownPass

    /**
     * Says how the call behind [pass] ended; every pass that was allowed is reported once.
     *
     * @param restFor opens at once for this long, e.g. because the provider said so; null goes by the rules
     */
    public suspend fun report(
        key: String,
        rules: CooldownRules,
        pass: CooldownPass,
        outcome: CallOutcome,
        restFor: Duration?,
    ): CooldownChange

    /** How long the target still rests; null when it does not. Changes nothing. */
    public suspend fun restingFor(key: String): Duration?
}

/**
 * @property failures failures in a row that open
 * @property failureRate share of failures within [window] that opens; null switches this rule off
 * @property minimumCalls calls within [window] before [failureRate] means anything
 * @property window over which the share is counted; begins at multiples of its length
 * @property rest how long a target rests at first; doubles with every probe that fails
 * @property maxRest the longest rest
 * @property probes calls let through at once while half open
 * @property probeLease after which a probe that nobody reported does not count any more
 */
public class CooldownRules(
    public val failures: Int,
    public val failureRate: Double?,
    public val minimumCalls: Int,
    public val window: Duration,
    public val rest: Duration,
    public val maxRest: Duration,
    public val probes: Int,
    public val probeLease: Duration,
)

/** How a call to a target ended, as far as its health goes. */
public enum class CallOutcome {
    /** The target answered, be it with an error that is the request's. */
    SUCCESS,

    /** The target failed. */
    FAILURE,

    /** Nothing was learned: cancelled, or never sent. */
    NEUTRAL,
}

/**
 * @property retryAfter how long the target rests; null when the call may go
 * @property isProbe whether the call is one of those that find out
 * @property id of the probe, unique among all processes; empty when it is none
 */
public class CooldownPass private constructor(
    public val retryAfter: Duration?,
    public val isProbe: Boolean,
    public val id: String,
) {
    public val isAllowed: Boolean get() = retryAfter == null

    public companion object {
        @JvmField
        public val ALLOWED: CooldownPass = CooldownPass(null, false, "")

        @JvmStatic
        public fun probe(id: String): CooldownPass = CooldownPass(null, true, id)

        @JvmStatic
        public fun refused(retryAfter: Duration): CooldownPass = CooldownPass(retryAfter, false, "")
    }
}

/** What a report has changed. */
public class CooldownChange private constructor(public val restsFor: Duration?, public val hasRecovered: Boolean) {
    public companion object {
        @JvmField
        public val NONE: CooldownChange = CooldownChange(null, false)

        @JvmField
        public val RECOVERED: CooldownChange = CooldownChange(null, true)

        @JvmStatic
        public fun rests(duration: Duration): CooldownChange = CooldownChange(duration, false)
    }
}
