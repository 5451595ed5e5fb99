package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.protocol
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.truncated
import io.kompletion.testkit.fault.ExpectedOutcome.Partial
import io.kompletion.testkit.fault.WireAnswer.End
import io.kompletion.testkit.fault.WireAnswer.Framing
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.Step
import java.time.Duration

/** The ways in which an answer can end: only the protocol's own end is one, and every other is told. */
internal val END_FAULTS: List<Fault> = listOf(
    fault(9, "a", "rst-mid-stream", "resets in the middle", truncated()) {
        WireAnswer.stream(this).half().end(End.RST)
    },
    fault(9, "b", "rst-at-once", "resets in the middle with text on its way", anyTime()) {
        WireAnswer.stream(this).half(Duration.ZERO).end(End.RST)
    },
    planned(10, "", "fin-mid-chunk", "closes inside a chunk", { truncated() }) {
        val begun = WireAnswer.stream(this).half().end(End.HOLD).reply().steps.dropLast(1)
        val size = Integer.toHexString(WireAnswer.stream(this).nextAfterHalf().size)
        val cut = "$size\r\n".encodeToByteArray() + WireAnswer.stream(this).halfEvent()
        FaultPlan(LoopbackReply.builder().steps(begun).send(cut).fin().build())
    },
    fault(11, "a", "fin-at-chunk-boundary", "closes between two chunks", truncated()) {
        WireAnswer.stream(this).half().end(End.FIN)
    },
    fault(11, "b", "fin-at-once", "closes between two chunks with text on its way", anyTime()) {
        WireAnswer.stream(this).half(Duration.ZERO).end(End.FIN)
    },
    fault(12, "a", "no-terminal-event", "ends in order before the answer has", truncated()) {
        WireAnswer.stream(this).half()
    },
    fault(12, "b", "cut-event", "ends in order inside an event", truncated()) {
        WireAnswer.stream(this).run { half().then(halfEvent()) }
    },
    fault(12, "c", "all-text-no-end", "ends in order after all of the text", truncated()) {
        WireAnswer.stream(this).let { it.pieces(it.pieces.dropLast(endEvents)) }
    },
    fault(13, "a", "short-content-length", "sends less than it announced", truncated()) {
        WireAnswer.stream(this).half().announcing(stream.size).end(End.FIN)
    },
    fault(13, "b", "short-whole", "the same with a whole answer", cutWhole(), FaultCall.WHOLE) {
        WireAnswer.json(whole.copyOf(whole.size / 2)).announcing(whole.size).then(Step.Delay(WireAnswer.SETTLED))
            .end(End.FIN)
    },
    fault(13, "c", "cut-whole", "ends a whole answer in order in the middle", noJson(), FaultCall.WHOLE) {
        WireAnswer.json(whole.copyOf(whole.size / 2))
    },
    fault(13, "d", "short-whole-at-once", "sends half of a whole answer and closes", anyTime(), FaultCall.WHOLE) {
        WireAnswer.json(whole.copyOf(whole.size / 2)).announcing(whole.size).end(End.FIN)
    },
    fault(15, "", "no-end-marker", "says why it ended, and no more", answer()) {
        WireAnswer.stream(this).let { it.pieces(it.pieces.dropLast(markerEvents)) }
    },
    fault(16, "", "end-without-blank-line", "leaves the last blank line out", answer()) {
        WireAnswer.stream(this).let { it.pieces(listOf(it.bytes.dropLastWhile { b -> b <= ' '.code }.toByteArray())) }
    }.ofText(),
    fault(17, "a", "end-but-socket-open", "ends and keeps the connection open", answer()) {
        WireAnswer.stream(this).end(End.HOLD)
    },
    fault(17, "b", "no-end-marker-socket-open", "says why it ended and keeps the connection open", answer()) {
        WireAnswer.stream(this).let { it.pieces(it.pieces.dropLast(markerEvents)) }.end(End.HOLD)
    },
    fault(18, "", "data-after-end", "sends more text after the end", answer()) {
        WireAnswer.stream(this).let { it.pieces(it.pieces + List(3) { textEvent() }) }
    },
    fault(
        19,
        "a",
        "close-delimited-unsaid",
        "ends the body by closing, unannounced",
        answer(),
        deviations = onCio(
            truncated().keeping(Partial.NONE),
            "the engine reads no body that has neither a length nor chunks; the exception says so",
        ),
    ) { WireAnswer.stream(this).framing(Framing.CLOSE_UNSAID) },
    fault(19, "b", "close-delimited", "ends the body by closing, announced", answer()) {
        WireAnswer.stream(this).framing(Framing.CLOSE)
    },
    fault(19, "c", "close-delimited-cut", "the same in the middle of the answer", truncated()) {
        WireAnswer.stream(this).half().framing(Framing.CLOSE)
    },
    fault(20, "a", "empty-200", "answers 200 and nothing", empty()) { WireAnswer.stream(this).pieces().announcing(0) },
    fault(20, "b", "empty-200-whole", "the same to a whole call", empty(), FaultCall.WHOLE) {
        WireAnswer.json(ByteArray(0))
    },
    fault(20, "c", "empty-chunked", "the same in the chunked coding", empty()) { WireAnswer.stream(this).pieces() },
)

/** The first events, up to some of the text but not all of it, and time enough for a client to read them. */
internal fun WireAnswer.half(pause: Duration = WireAnswer.SETTLED): WireAnswer = cutAfter(pieces.size / 2, pause)

internal fun WireAnswer.nextAfterHalf(): ByteArray = pieces[pieces.size / 2]

/** Of the event that follows the [half], the first bytes: more than nothing and less than a document. */
internal fun WireAnswer.halfEvent(): ByteArray = nextAfterHalf().let { it.copyOf(it.size / 2) }

/** What had been sent may be lost with the connection, so that it is not certain whether anything was handed out. */
private fun anyTime() = ExpectedOutcome(ExpectedOutcome.Kind.BROKEN, partial = Partial.EITHER, tries = null)

private fun cutWhole() = truncated().keeping(Partial.NONE).tries(Fault.TRIES)

private fun noJson() = protocol("protocol.json")

private fun empty() = protocol("protocol.empty").tries(Fault.TRIES)
