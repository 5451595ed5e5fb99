package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.truncated
import io.kompletion.testkit.fault.ExpectedOutcome.Partial
import io.kompletion.testkit.fault.ExpectedOutcome.Reading

/** Tool calls in the forms that servers give them: handed out complete and once, or not at all. */
internal val TOOL_FAULTS: List<Fault> = listOf(
    call(37, "a", "tool-missing-index", "does not number the pieces of a call"),
    call(37, "b", "tool-id-empty", "sends an empty id with every piece"),
    call(37, "c", "tool-id-repeated", "sends id and name with every piece"),
    call(37, "d", "tool-name-late", "names the tool after its arguments have begun"),
    call(37, "e", "tool-arguments-null", "begins with arguments that are null"),
    call(37, "f", "tool-arguments-object", "sends the arguments as an object"),
    call(37, "g", "tool-finish-says-stop", "says that it stopped, not that it calls"),
    caseFault(38, "a", "tool-cut-by-length", "ends by length inside the arguments", FaultCall.TOOL) {
        answer(Reading.INCOMPLETE_TOOL_CALL)
    },
    fault(38, "b", "tool-cut-by-fin", "closes inside the arguments", cutCall(), FaultCall.TOOL) {
        WireAnswer.toolCall(this).let { it.cutAfter(it.pieces.size - endEvents - 1) }.end(WireAnswer.End.FIN)
    },
    fault(38, "c", "tool-whole-no-end", "ends in order after the whole call", cutCall(), FaultCall.TOOL) {
        WireAnswer.toolCall(this).let { it.cutAfter(it.pieces.size - endEvents) }
    },
    call(39, "a", "tool-parsable-prefix", "sends arguments that go on after a pause for breath"),
    call(39, "b", "tool-empty-object-first", "begins with an empty object and then sends the arguments"),
)

private fun call(number: Int, variant: String, case: String, does: String) =
    caseFault(number, variant, case, does, FaultCall.TOOL) { answer(Reading.TOOL_CALL) }

/** The pieces of the call were handed out, the call was not. */
private fun cutCall() = truncated().keeping(Partial.EITHER)
