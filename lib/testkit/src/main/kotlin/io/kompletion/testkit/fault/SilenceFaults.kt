package io.kompletion.testkit.fault

import io.kompletion.error.TimeoutException.Kind
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.timeout
import io.kompletion.testkit.fault.ExpectedOutcome.Partial
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.Step
import java.time.Duration

/** The connection stands and too little comes: each clock ends its own kind of silence and closes the socket. */
internal val SILENCE_FAULTS: List<Fault> = listOf(
    planned(5, "a", "accept-then-silence", "reads the request and says nothing", {
        noChunk()
    }, FaultCall.HASTY, openOnJava(noChunk())) {
        FaultPlan(LoopbackReply.builder().hold().build())
    },
    planned(
        5,
        "b",
        "accept-then-silence-whole",
        "the same to a whole call",
        { tooLong() },
        FaultCall.HASTY_WHOLE,
        openOnJava(tooLong()),
    ) { FaultPlan(LoopbackReply.builder().hold().build()) },
    fault(6, "", "headers-then-silence", "sends the head and nothing more", noChunk(), FaultCall.HASTY) {
        WireAnswer.stream(this).pieces().end(WireAnswer.End.HOLD)
    },
    fault(7, "", "first-events-then-stall", "goes silent in the middle", stalled(), FaultCall.HASTY) {
        WireAnswer.stream(this).half(Duration.ZERO).end(WireAnswer.End.HOLD)
    },
    fault(14, "", "infinite-stream", "sends text without end", endless(), FaultCall.HASTY) {
        val stream = WireAnswer.stream(this)
        val again = Step.Repeat(Long.MAX_VALUE, listOf(Step.Chunk(textEvent()), Step.Delay(Duration.ofMillis(5))))
        stream.half(Duration.ZERO).then(again)
    },
    fault(
        33,
        "a",
        "blank-lines-then-json",
        "queues with blank lines, then the whole answer",
        answer(),
        FaultCall.WHOLE,
    ) {
        WireAnswer.json(whole).framing(WireAnswer.Framing.CHUNKED).first(QUEUE)
    },
    fault(33, "b", "blank-lines-then-events", "queues with blank lines, then the stream", answer()) {
        WireAnswer.stream(this).first(QUEUE)
    }.ofText(),
    fault(35, "a", "comments-then-events", "sends 100,000 comments, then the stream", answer()) {
        WireAnswer.stream(this).first(COMMENT.repeat(COMMENTS))
    }.ofEvents(),
    fault(35, "b", "comment-flood", "sends comments without end", noChunk(), FaultCall.HASTY) {
        val comment = listOf(Step.Chunk(COMMENT.encodeToByteArray()), Step.Delay(Duration.ofMillis(1)))
        WireAnswer.stream(this).steps(listOf(Step.Repeat(Long.MAX_VALUE, comment)))
    }.ofEvents(),
    planned(51, "a", "slow-loris-headers", "sends its head a byte at a time", {
        noChunk()
    }, FaultCall.HASTY, openOnJava(noChunk())) {
        val head = "HTTP/1.1 200 OK\r\ncontent-type: $contentType\r\nconnection: close\r\n\r\n"
        FaultPlan(LoopbackReply.builder().drip(head.encodeToByteArray(), 1, SLOW).hold().build())
    },
    fault(51, "b", "slow-loris-body", "sends its body a byte at a time", noChunk(), FaultCall.HASTY) {
        val bytes = stream.flatMap { listOf(Step.Chunk(byteArrayOf(it)), Step.Delay(SLOW)) }
        WireAnswer.stream(this).steps(bytes)
    },
)

private const val COMMENT = ": keep-alive\n\n"
private const val COMMENTS = 100_000
private val SLOW = Duration.ofMillis(100)
private val QUEUE = Step.Repeat(5, listOf(Step.Chunk("\n".encodeToByteArray()), Step.Delay(Duration.ofMillis(100))))

private fun noChunk() = timeout(Kind.FIRST_CHUNK)

private fun stalled() = timeout(Kind.IDLE).keeping(Partial.KEPT).tries(1)

private fun endless() = timeout(Kind.TOTAL).keeping(Partial.KEPT).tries(1)

private fun tooLong() = timeout(Kind.TOTAL).tries(1)
