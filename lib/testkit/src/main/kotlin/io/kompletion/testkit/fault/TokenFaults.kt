package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.provider
import io.kompletion.testkit.server.LoopbackHandler
import java.util.concurrent.atomic.AtomicReference

/** Access tokens that end before their time: one is fetched anew, once, and by one call for all. */
internal val TOKEN_FAULTS: List<Fault> = listOf(
    planned(56, "a", "stale-token", "refuses a token that has gone stale", { answer().tries(2).fetching(2) }) {
        FaultPlan(refusal().reply(), good())
    },
    planned(56, "b", "refused-token", "refuses every token", { refused().tries(2).fetching(2) }) {
        FaultPlan(refusal().reply())
    },
    planned(56, "c", "stale-token-at-once", "refuses the token of fifty calls at once", {
        answer().tries(null).fetching(2)
    }, FaultCall.AT_ONCE) { FaultPlan(handler = refusingTheFirst()) },
)

private fun refusal() = WireAnswer.json("{}".encodeToByteArray(), 401)

private fun refused() = provider("AuthenticationException", 401)

private fun Recording.good() = WireAnswer.stream(this).reply()

/** Knows the first token that it sees, and takes every other one. */
private fun Recording.refusingTheFirst(): LoopbackHandler {
    val header = checkNotNull(authHeader) { "$this has a header for tokens" }
    val stale = AtomicReference<String>()
    return LoopbackHandler { request ->
        val token = request.header(header).orEmpty()
        stale.compareAndSet(null, token)
        if (token == stale.get()) refusal().reply() else good()
    }
}
