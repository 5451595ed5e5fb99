package io.kompletion.internal.policy

import io.kompletion.error.StateUnavailableException
import io.kompletion.listen.CallEvent
import io.kompletion.policy.WhenUnavailable

/** Asks state that may be out of reach, as the policy [name] wants it; null when it is, and the call goes on without it. */
internal suspend inline fun <T : Any> TryFacts.fromState(
    name: String,
    whenUnavailable: WhenUnavailable,
    ask: () -> T,
): T? = try {
    ask()
} catch (e: StateUnavailableException) {
    val goesOn = whenUnavailable == WhenUnavailable.ALLOW
    tell { CallEvent.StateUnavailable(callId, name, e, goesOn) }
    if (!goesOn) throw e
    null
}
