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

/** Defines one fault that is a stream of the recording's own, in `cases/` under the name [case]. */
internal fun caseFault(
    number: Int,
    variant: String,
    case: String,
    does: String,
    call: FaultCall = FaultCall.STREAM,
    expected: Recording.() -> ExpectedOutcome,
): Fault = fileFault(number, variant, case, does, { it.stream(case) }, expected, call) {
    FaultPlan(WireAnswer.events(this, caseStream(case)).reply())
}

/** Defines one fault that takes a [file] of the recording's own, in `cases/`. */
internal fun fileFault(
    number: Int,
    variant: String,
    name: String,
    does: String,
    file: (Recording) -> String,
    expected: Recording.() -> ExpectedOutcome,
    call: FaultCall = FaultCall.STREAM,
    plan: Recording.() -> FaultPlan,
): Fault = Fault(number, variant, name, does, call, emptyList(), expected, null, file, StreamFraming.ALL, plan)

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
): Fault = Fault(number, variant, name, does, call, deviations, expected, null, { null }, StreamFraming.ALL, plan)

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
    { null },
    StreamFraming.ALL,
    { FaultPlan() },
)

/** The faults of this list that are about the syntax of server-sent events. */
internal fun List<Fault>.ofEvents(): List<Fault> = map { it.ofEvents() }

internal fun Fault.ofEvents(): Fault = of(setOf(StreamFraming.SSE))

/** The same for faults that are about lines or documents in text. */
internal fun Fault.ofText(): Fault = of(StreamFraming.TEXT)

internal fun onCio(expected: ExpectedOutcome, reason: String) = listOf(FaultDeviation("ktor-cio", expected, reason))

internal fun onJava(expected: ExpectedOutcome, reason: String) = listOf(FaultDeviation("ktor-java", expected, reason))

/** What every call that waits for a head comes to on Java's own client. */
internal fun openOnJava(expected: ExpectedOutcome) = onJava(
    expected.leavingOpen(),
    "Ktor's engine on Java's HttpClient cannot end an exchange before its head has come",
)
