package io.kompletion.internal.state

import io.kompletion.store.CallOutcome
import io.kompletion.store.CooldownChange
import io.kompletion.store.CooldownPass
import io.kompletion.store.CooldownRules
import java.time.Duration

/**
 * The circuit of one target: closed without [openUntil], open before it, half open from then on until a probe tells. What
 * comes late, from before it opened, says nothing about now and is not counted; but a probe that succeeds after its lease
 * closes a half-open circuit all the same. Moments are compared by their difference, as the monotonic clock may overflow.
 * The caller locks.
 */
internal class TargetHealth {
    private var failuresInRow = 0
    private var window = 0L
    private var callsInWindow = 0
    private var failuresInWindow = 0
    private var openUntil: Long? = null
    private var rest = 0L
    private val probes = HashMap<String, Long>()
    private var touchedAt = 0L
    private var keep = 0L

    fun enter(rules: CooldownRules, now: Long, newId: () -> String): CooldownPass {
        val until = openUntil ?: return CooldownPass.ALLOWED
        if (until - now > 0) return CooldownPass.refused(Duration.ofNanos(until - now))
        probes.values.removeIf { it - now <= 0 }
        if (probes.size >= rules.probes) {
            // the lease is as long as a call can take; most probes tell much earlier
            val wait = minOf(probes.values.minOf { it - now }, rules.rest.inNanos())
            return CooldownPass.refused(Duration.ofNanos(wait))
        }
        val id = newId()
        probes[id] = now + rules.probeLease.inNanos()
        touch(rules, now)
        return CooldownPass.probe(id)
    }

    fun report(
        rules: CooldownRules,
        pass: CooldownPass,
        outcome: CallOutcome,
        restFor: Duration?,
        now: Long,
    ): CooldownChange {
        val isLive = probes.remove(pass.id) != null
        touch(rules, now)
        val until = openUntil
        return when {
            until == null -> reportClosed(rules, outcome, restFor, now)
            until - now > 0 -> reportOpen(restFor, until, now)
            outcome == CallOutcome.FAILURE && isLive -> open(doubled(rules), restFor, now)
            restFor != null -> open(rest, restFor, now)
            outcome == CallOutcome.SUCCESS && pass.isProbe -> close()
            else -> CooldownChange.NONE
        }
    }

    private fun reportClosed(
        rules: CooldownRules,
        outcome: CallOutcome,
        restFor: Duration?,
        now: Long,
    ): CooldownChange {
        val opens = count(rules, outcome, now) || restFor != null
        return if (opens) open(rules.rest.inNanos(), restFor, now) else CooldownChange.NONE
    }

    private fun reportOpen(restFor: Duration?, until: Long, now: Long): CooldownChange {
        val later = now + (restFor ?: return CooldownChange.NONE).inNanos()
        return if (later - until > 0) restUntil(later, now) else CooldownChange.NONE
    }

    private fun doubled(rules: CooldownRules): Long {
        val longest = rules.maxRest.inNanos()
        return if (rest > longest - rest) longest else 2 * rest
    }

    fun restingFor(now: Long): Duration? = openUntil?.let { it - now }?.takeIf { it > 0 }?.let(Duration::ofNanos)

    /** Whether it is so long without a call, and without a rest, that what was says nothing any more. */
    fun isIdle(now: Long): Boolean {
        val last = openUntil?.takeIf { it - touchedAt > 0 } ?: touchedAt
        return now - last >= keep
    }

    /** Counts a call while closed; true when the circuit opens. */
    private fun count(rules: CooldownRules, outcome: CallOutcome, now: Long): Boolean {
        if (outcome == CallOutcome.NEUTRAL) return false
        val current = Math.floorDiv(now, rules.window.inNanos())
        if (current != window) {
            window = current
            callsInWindow = 0
            failuresInWindow = 0
        }
        callsInWindow++
        if (outcome == CallOutcome.SUCCESS) {
            failuresInRow = 0
            return false
        }
        failuresInRow++
        failuresInWindow++
        val rate = rules.failureRate
        if (failuresInRow >= rules.failures) return true
        return rate != null && callsInWindow >= rules.minimumCalls && failuresInWindow >= rate * callsInWindow
    }

    private fun open(length: Long, restFor: Duration?, now: Long): CooldownChange {
        clear()
        rest = length
        return restUntil(now + (restFor?.inNanos() ?: length), now)
    }

    private fun restUntil(until: Long, now: Long): CooldownChange {
        openUntil = until
        return CooldownChange.rests(Duration.ofNanos(until - now))
    }

    private fun close(): CooldownChange {
        clear()
        openUntil = null
        return CooldownChange.RECOVERED
    }

    private fun clear() {
        failuresInRow = 0
        callsInWindow = 0
        failuresInWindow = 0
        probes.clear()
    }

    private fun touch(rules: CooldownRules, now: Long) {
        touchedAt = now
        keep = maxOf(rules.window, rules.maxRest, rules.probeLease).inNanos()
    }
}
