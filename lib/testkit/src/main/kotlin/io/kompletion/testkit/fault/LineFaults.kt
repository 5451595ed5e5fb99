package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.protocol
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.truncated
import io.kompletion.testkit.fault.ExpectedOutcome.Partial
import io.kompletion.testkit.server.Step
import java.time.Duration

/** What can go wrong where one line is one document. */
internal val LINE_FAULTS: List<Fault> = listOf(
    fault(62, "a", "blank-lines-between", "sends blank lines and white space between the documents", answer()) {
        WireAnswer.stream(this).mapText { "\n \t\r\n  $it\n" }
    },
    fault(62, "b", "split-lines", "pauses in the middle of each line", answer()) {
        val stream = WireAnswer.stream(this)
        stream.steps(stream.pieces.flatMap(::inHalves))
    },
    fault(62, "c", "broken-line", "ends a line inside a document", badLine()) {
        WireAnswer.stream(this).run { half().then(halfEvent() + LINE_END) }
    },
    fault(62, "d", "two-documents-a-line", "puts two documents into one line", badLine()) {
        val line = textEvent().decodeToString()
        WireAnswer.stream(this).half().then(line.trimEnd() + line)
    },
    fault(62, "e", "events-for-lines", "sends server-sent events instead of lines", answer()) {
        WireAnswer.stream(this).contentType("text/event-stream").mapText { "data: $it\n" }
    },
    fault(62, "f", "lines-called-json-cut", "calls its lines JSON and ends in order in the middle", truncated()) {
        WireAnswer.stream(this).half().contentType("application/json")
    },
).map { it.of(setOf(StreamFraming.NDJSON)) }

private const val LINE_END = '\n'.code.toByte()
private val PAUSE = Duration.ofMillis(50)

private fun badLine() = protocol("protocol.json").keeping(Partial.KEPT)

private fun inHalves(line: ByteArray): List<Step> = listOf(
    Step.Chunk(line.copyOf(line.size / 2)),
    Step.Delay(PAUSE),
    Step.Chunk(line.copyOfRange(line.size / 2, line.size)),
)
