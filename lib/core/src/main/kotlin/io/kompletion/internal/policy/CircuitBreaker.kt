package io.kompletion.internal.policy

import io.kompletion.error.OverloadedException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.StateUnavailableException
import io.kompletion.listen.CallEvent
import io.kompletion.policy.Cooldown
import io.kompletion.policy.WhenUnavailable
import io.kompletion.provider.Target
import io.kompletion.store.CallOutcome
import io.kompletion.store.CooldownPass
import io.kompletion.store.CooldownRules
import io.kompletion.store.CooldownStore
import java.time.Duration

/** Lets targets rest that fail. */
internal class CircuitBreaker(private val policy: Cooldown, private val store: CooldownStore) : Gate {
    private val rules = CooldownRules(
        failures = policy.failures,
        failureRate = policy.failureRate,
        minimumCalls = policy.minimumCalls,
        window = policy.window,
        rest = policy.rest,
        maxRest = policy.maxRest,
        probes = policy.probes,
        probeLease = PROBE_LEASE,
    )

    /** How long [target] rests; null when it does not, or when nobody knows. */
    suspend fun restingFor(target: Target): Duration? = try {
        store.restingFor(Scopes.ofTarget(target))
    } catch (_: StateUnavailableException) {
        null
    }

    override suspend fun enter(attempt: TryFacts): Pass? {
        val key = Scopes.ofTarget(attempt.target)
        val pass = attempt.fromState(NAME, WhenUnavailable.ALLOW) { store.enter(key, rules) } ?: return null
        val retryAfter = pass.retryAfter ?: return Entered(key, pass, attempt)
        throw OverloadedException(
            "${attempt.target} has failed too often and rests for another ${retryAfter.toMillis()} ms",
            attempt.refusal("cooldown", retryAfter),
        )
    }

    private inner class Entered(
        private val key: String,
        private val pass: CooldownPass,
        private val attempt: TryFacts,
    ) : Pass {
        override suspend fun leave(end: TryEnd) {
            val change = attempt.fromState(NAME, WhenUnavailable.ALLOW) {
                store.report(key, rules, pass, end.outcome, restFor(end))
            }
            val target = attempt.target
            change?.restsFor?.let {
                attempt.tell { CallEvent.TargetRests(attempt.callId, target.providerId, target.model, it) }
            }
            if (change?.hasRecovered == true) {
                attempt.tell { CallEvent.TargetRecovered(attempt.callId, target.providerId, target.model) }
            }
        }
    }

    private fun restFor(end: TryEnd): Duration? {
        val failure = end.failure
        return when {
            end.outcome != CallOutcome.FAILURE -> null

            end.isClosedToUs -> policy.rest

            failure is RateLimitedException && policy.restOnRateLimit ->
                failure.retryAfter?.takeIf { !it.isZero }?.let { minOf(it, policy.maxRest) }

            else -> null
        }
    }

    private companion object {
        const val NAME = "cooldown"

        /** A probe that says nothing for so long belongs to a process that died, or to a stream that may take hours. */
        val PROBE_LEASE: Duration = Duration.ofMinutes(2)
    }
}
