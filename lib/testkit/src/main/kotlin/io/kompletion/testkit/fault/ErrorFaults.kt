package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.protocol
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.provider
import io.kompletion.testkit.fault.ExpectedOutcome.Partial

/** Errors inside an answer whose status is 200: each is the exception that the same error with its own status is. */
internal val ERROR_FAULTS: List<Fault> = listOf(
    errorFault(24, "a", "error-event-first", "begins with an error event, every time", { errorOutcome }) {
        WireAnswer.events(this, errorEvent)
    },
    planned(24, "b", "error-event-first-then-ok", "begins with an error event, once", { answer().tries(2) }) {
        FaultPlan(WireAnswer.events(this, errorEvent).reply(), WireAnswer.stream(this).reply())
    },
    errorFault(25, "", "error-event-mid-stream", "sends an error event in the middle", { midStream() }) {
        WireAnswer.stream(this).half().run { pieces(pieces + errorEvent) }
    },
    errorFault(26, "a", "error-object-in-data", "sends an error as data without a name", { midStream() }) {
        WireAnswer.stream(this).half().then(framing.piece(compact(error)))
    }.ofText(),
    caseFault(26, "b", "error-in-x-groq", "hides an error in a field of its own") { midStream() },
    caseFault(26, "c", "error-in-last-choice", "sends an error beside a last choice") { midStream() },
    errorFault(27, "", "raw-json-error", "writes an error of many lines without the framing", { midStream() }) {
        WireAnswer.stream(this).half().then(error.decodeToString())
    }.ofEvents(),
    errorFault(28, "", "error-field", "writes an error as a field and then ends", { midStream() }) {
        WireAnswer.stream(this).half().then("error: ${compact(error)}\n\ndata: [DONE]\n\n")
    }.ofEvents(),
    errorFault(29, "a", "json-200-on-stream", "answers a stream with an error and status 200", { errorOutcome }) {
        WireAnswer.json(error)
    },
    errorFault(29, "b", "json-200-whole", "answers 200 and an error", { errorOutcome }, FaultCall.WHOLE) {
        WireAnswer.json(error)
    },
    fault(32, "a", "html-502", "answers 502 with a page of 30 KB", pageOfProxy()) { page(502) },
    fault(32, "b", "html-200", "answers 200 with a page of 30 KB", protocol("protocol.html")) { page(200) },
    fault(32, "c", "html-200-whole", "the same to a whole call", protocol("protocol.html"), FaultCall.WHOLE) {
        page(200)
    },
)

private const val PAGE_BYTES = 30_000
private val SPACE = Regex("\\s*\n\\s*")

private fun Recording.midStream() = errorOutcome.tries(1).keeping(Partial.KEPT)

private fun pageOfProxy() = provider("ServerErrorException", 502)

private fun page(status: Int): WireAnswer {
    val text = "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body>".padEnd(PAGE_BYTES, '.')
    return WireAnswer.json("$text</body></html>".encodeToByteArray(), status).contentType("text/html")
}

/** [json], written over several lines, in one. */
internal fun compact(json: ByteArray): String = json.decodeToString().trim().replace(SPACE, "")
