package io.kompletion.redis.internal

import io.kompletion.store.CallOutcome
import io.kompletion.store.CooldownChange
import io.kompletion.store.CooldownPass
import io.kompletion.store.CooldownRules
import io.kompletion.store.CooldownStore
import java.time.Duration

/** A hash with the health of a target, and a sorted set of its probes' leases. */
internal class RedisCooldownStore(private val link: RedisLink, private val keys: RedisKeys) : CooldownStore {
    private val ids = RedisIds()

    override suspend fun enter(key: String, rules: CooldownRules): CooldownPass {
        val id = ids.next()
        val target = keys.target(key)
        val (answer, wait) = link.undoing(REPORT, target, *report(rules, id, CallOutcome.NEUTRAL, null)) {
            list(ENTER, target, id, rules.probes, rules.probeLease.inMicros(), rules.rest.inMicros())
        }
        return when (answer) {
            0L -> CooldownPass.ALLOWED
            1L -> CooldownPass.probe(id)
            else -> CooldownPass.refused(micros(wait as Long))
        }
    }

    override suspend fun report(
        key: String,
        rules: CooldownRules,
        pass: CooldownPass,
        outcome: CallOutcome,
        restFor: Duration?,
    ): CooldownChange {
        val (answer, rest) = link.list(REPORT, keys.target(key), *report(rules, pass.id, outcome, restFor))
        return when (answer) {
            0L -> CooldownChange.NONE
            1L -> CooldownChange.RECOVERED
            else -> CooldownChange.rests(micros(rest as Long))
        }
    }

    private fun report(rules: CooldownRules, id: String, outcome: CallOutcome, restFor: Duration?): Array<Any> =
        arrayOf(
            id,
            outcome.name,
            restFor?.inMicros() ?: -1,
            rules.failures,
            rules.failureRate ?: -1,
            rules.minimumCalls,
            rules.window.inMicros(),
            rules.rest.inMicros(),
            rules.maxRest.inMicros(),
            rules.probeLease.inMicros(),
        )

    override suspend fun restingFor(key: String): Duration? =
        link.number(RESTING, keys.target(key)).takeIf { it > 0 }?.let(::micros)

    private companion object {
        val ENTER = LuaScript.of("clock", "cooldown-enter")
        val REPORT = LuaScript.of("clock", "cooldown-report")
        val RESTING = LuaScript.of("clock", "cooldown-resting")
    }
}
