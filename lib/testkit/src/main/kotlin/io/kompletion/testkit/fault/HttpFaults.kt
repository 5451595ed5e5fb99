package io.kompletion.testkit.fault

import io.kompletion.error.ConnectionException
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.connection
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.provider
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.Step

/** What HTTP/1.1 allows and few clients meet. */
internal val HTTP_FAULTS: List<Fault> = listOf(
    planned(52, "", "early-413", "refuses a large request before it is read", { tooLarge() }, FaultCall.UPLOAD) {
        FaultPlan(answersBeforeBody = true) { listOf(WireAnswer.json("{}".encodeToByteArray(), 413).reply()) }
    },
    planned(53, "a", "keep-alive-closed", "closes the connection after an answer", {
        answer().tries(2)
    }, FaultCall.TWO_CALLS) {
        FaultPlan(LoopbackReply(good().steps + Step.Fin), good())
    },
    planned(53, "b", "keep-alive-reset", "resets when the connection is used again", {
        answer().tries(3)
    }, FaultCall.TWO_CALLS) {
        FaultPlan(good(), LoopbackReply.builder().rst().build(), good())
    },
    interim("a", "interim-100", "HTTP/1.1 100 Continue\r\n\r\n"),
    interim("b", "interim-103", "HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n"),
)

private fun Recording.good(): LoopbackReply = WireAnswer.stream(this).reply()

private fun tooLarge() = provider("InvalidRequestException", 413).tries(1)

private fun interim(variant: String, name: String, head: String) = planned(
    54,
    variant,
    name,
    "sends an interim answer before the real one",
    { answer() },
    deviations = onCio(
        connection(ConnectionException.Kind.OTHER),
        "the engine takes the interim answer for the final one; the exception says so",
    ),
) { FaultPlan(LoopbackReply(listOf(Step.Send(head.encodeToByteArray())) + good().steps)) }
