package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.protocol
import io.kompletion.testkit.fault.ExpectedOutcome.Partial
import io.kompletion.testkit.fault.ExpectedOutcome.Reading

/** The answer in another form than the one asked for, or damaged inside an event. */
internal val FORM_FAULTS: List<Fault> = listOf(
    fault(30, "", "whole-on-stream", "answers a stream with the whole answer", answer()) { WireAnswer.json(whole) },
    fault(31, "a", "ndjson", "sends a document a line instead of events", answer()) { lines() }.ofEvents(),
    errorFault(31, "b", "ndjson-error", "the same with an error for its last line", { errorOutcome.afterText() }) {
        lines().half().then(compact(error) + "\n")
    }.ofEvents(),
    fault(36, "a", "invalid-json-event", "sends an event that is no JSON", badEvent()) {
        WireAnswer.stream(this).half().then(event("{\"id\":"))
    },
    fault(36, "b", "invalid-utf8", "sends a byte that is no UTF-8", answer(Reading.REPLACED_TEXT)) {
        WireAnswer.stream(this).map { event ->
            val said = document(event)
            val at = said.indexOfFourBytes()
            if (at < 0) event else reframed(event, said.copyOf(at) + NO_UTF8 + said.copyOfRange(at, said.size))
        }
    },
    fault(55, "a", "text-plain", "calls its events plain text", answer()) {
        WireAnswer.stream(this).contentType("text/plain; charset=utf-8")
    },
    fault(55, "b", "octet-stream", "calls its events bytes", answer()) {
        WireAnswer.stream(this).contentType("application/octet-stream")
    },
    fault(55, "c", "no-content-type", "does not say what it sends", answer()) {
        WireAnswer.stream(this).contentType(null)
    },
    fault(55, "d", "events-called-json", "calls its events JSON", answer()) {
        WireAnswer.stream(this).contentType("application/json")
    },
)

private const val NO_UTF8 = 0xFF.toByte()

private fun badEvent() = protocol("protocol.json").keeping(Partial.KEPT)

private fun ExpectedOutcome.afterText() = tries(1).keeping(Partial.KEPT)

/** The data of the stream's events, one a line. */
private fun Recording.lines(): WireAnswer {
    val documents = events().map { EventCutter.data(it) }.filter { it.startsWith("{") }
    return WireAnswer.stream(this).contentType("application/x-ndjson").pieces(
        documents.map {
            "$it\n".encodeToByteArray()
        },
    )
}
