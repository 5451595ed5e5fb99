package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Reading

/** No faults: what every fault is a damage of has to be read well, or nothing that is said about them means anything. */
internal val CONTROLS: List<Fault> = listOf(
    fault(0, "a", "good-stream", "streams the good answer", answer()) { WireAnswer.stream(this) },
    fault(0, "b", "good-whole", "gives the good answer whole", answer(), FaultCall.WHOLE) { WireAnswer.json(whole) },
    fault(0, "c", "good-tool-call", "streams a tool call", answer(Reading.TOOL_CALL), FaultCall.TOOL) {
        WireAnswer.toolCall(this)
    },
    planned(0, "d", "good-over-tls", "streams the good answer over TLS", { answer() }) {
        FaultPlan(FaultPlan.Site.TLS) { listOf(WireAnswer.stream(this).reply()) }
    },
)
