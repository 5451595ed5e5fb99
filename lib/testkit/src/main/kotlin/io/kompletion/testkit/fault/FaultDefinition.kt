package io.kompletion.testkit.fault

/** Defines one fault by the answer that is given to every request. */
internal fun fault(
    number: Int,
    variant: String,
    name: String,
    does: String,
    expected: ExpectedOutcome,
    call: FaultCall = FaultCall.STREAM,
    deviations: List<FaultDeviation> = emptyList(),
    answer: Recording.() -> WireAnswer,
): Fault = planned(number, variant, name, does, { expected }, call, deviations) { FaultPlan(answer().reply()) }

/** The same where what is expected is the recording's own error. */
internal fun errorFault(
    number: Int,
    variant: String,
    name: String,
    does: String,
    expected: Recording.() -> ExpectedOutcome,
    call: FaultCall = FaultCall.STREAM,
    answer: Recording.() -> WireAnswer,
): Fault = planned(number, variant, name, does, expected, call) { FaultPlan(answer().reply()) }

/** Defines one fault that is a stream of the recording's own, `cases/<case>.sse`. */
internal fun caseFault(
    number: Int,
    variant: String,
    case: String,
    does: String,
    call: FaultCall = FaultCall.STREAM,
    expected: Recording.() -> ExpectedOutcome,
): Fault = Fault(number, variant, case, does, call, emptyList(), expected, null, case) { recording ->
    FaultPlan(WireAnswer.events(recording, checkNotNull(recording.case(case))).reply())
}

/** Defines one fault that takes more than one answer, or more than an answer. */
internal fun planned(
    number: Int,
    variant: String,
    name: String,
    does: String,
    expected: Recording.() -> ExpectedOutcome,
    call: FaultCall = FaultCall.STREAM,
    deviations: List<FaultDeviation> = emptyList(),
    plan: Recording.() -> FaultPlan,
): Fault = Fault(number, variant, name, does, call, deviations, expected, null, null, plan)

/** An entry for a fault of another endpoint or protocol, which cannot occur yet. */
internal fun absentFault(number: Int, name: String, does: String, reason: String): Fault = Fault(
    number,
    "",
    name,
    does,
    FaultCall.STREAM,
    emptyList(),
    { ExpectedOutcome.answer() },
    reason,
    null,
    { FaultPlan() },
)

internal fun onCio(expected: ExpectedOutcome, reason: String) = listOf(FaultDeviation("ktor-cio", expected, reason))

internal fun onJava(expected: ExpectedOutcome, reason: String) = listOf(FaultDeviation("ktor-java", expected, reason))

/** What every call that waits for a head comes to on Java's own client. */
internal fun openOnJava(expected: ExpectedOutcome) = onJava(
    expected.leavingOpen(),
    "Ktor's engine on Java's HttpClient cannot end an exchange before its head has come",
)
