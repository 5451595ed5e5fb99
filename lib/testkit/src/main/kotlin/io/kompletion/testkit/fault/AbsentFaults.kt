package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer

/** Faults of what chat over server-sent events does not have; they are listed and never counted. */
internal val ABSENT_FAULTS: List<Fault> = listOf(
    planned(56, "", "stale-token", "refuses a token that has gone stale", { answer() }) {
        FaultPlan(WireAnswer.json("{}".encodeToByteArray(), 401).reply(), WireAnswer.stream(this).reply())
    },
    absentFault(57, "frame-damage", "damages binary frames", "joins with a protocol of event-stream frames"),
    absentFault(59, "wrong-count", "gives three embeddings for two inputs", "joins with embeddings"),
)
