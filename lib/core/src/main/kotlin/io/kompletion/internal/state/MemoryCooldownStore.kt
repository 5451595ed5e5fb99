package io.kompletion.internal.state

import io.kompletion.store.CallOutcome
import io.kompletion.store.CooldownChange
import io.kompletion.store.CooldownPass
import io.kompletion.store.CooldownRules
import io.kompletion.store.CooldownStore
import java.time.Duration

/** Rests on the monotonic clock [nanos], under one lock that is held for O(1). */
internal class MemoryCooldownStore(private val nanos: () -> Long) : CooldownStore {
    private val lock = Any()
    private val targets = SweptMap<TargetHealth> { it.isIdle(nanos()) }
    private val ids = StateIds()

    /** How many targets are remembered. */
    val size: Int get() = synchronized(lock) { targets.size }

    override suspend fun enter(key: String, rules: CooldownRules): CooldownPass =
        synchronized(lock) { targets[key]?.enter(rules, nanos(), ids::next) ?: CooldownPass.ALLOWED }

    override suspend fun report(
        key: String,
        rules: CooldownRules,
        pass: CooldownPass,
        outcome: CallOutcome,
        restFor: Duration?,
    ): CooldownChange = synchronized(lock) {
        targets.getOrPut(key) { TargetHealth() }.report(rules, pass, outcome, restFor, nanos())
    }

    override suspend fun restingFor(key: String): Duration? = synchronized(lock) { targets[key]?.restingFor(nanos()) }
}
