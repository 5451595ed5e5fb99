package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.Step
import java.time.Duration

/** The right bytes, cut and framed as no server should: the answer is the same. */
internal val BYTE_FAULTS: List<Fault> = listOf(
    fault(21, "", "split-utf8", "pauses inside a character of four bytes", answer()) {
        WireAnswer.stream(this).run { splitAt(bytes.indexOfFourBytes() + 2, PAUSE) }
    },
    fault(22, "a", "split-crlf", "pauses between CR and LF", answer()) {
        WireAnswer.stream(this).lineEnds("\r\n").run { splitAt(bytes.indexOf(CR) + 1, PAUSE) }
    }.ofText(),
    fault(22, "b", "crlf", "ends its lines with CRLF", answer()) { WireAnswer.stream(this).lineEnds("\r\n") }.ofText(),
    fault(22, "c", "bare-cr", "ends its lines with CR alone", answer()) {
        WireAnswer.stream(this).lineEnds("\r")
    }.ofEvents(),
    fault(22, "d", "mixed-line-ends", "ends its lines with LF, CR and CRLF in turn", answer()) {
        val ends = listOf("\n", "\r", "\r\n")
        val stream = WireAnswer.stream(this)
        stream.pieces(stream.pieces.mapIndexed { i, piece -> piece.lineEnds(ends[i % ends.size]) })
    }.ofEvents(),
    fault(23, "a", "bom", "begins with a byte order mark", answer()) {
        WireAnswer.stream(this).first("\uFEFF")
    }.ofText(),
    fault(23, "b", "bom-split", "begins with a byte order mark, a byte at a time", answer()) {
        val (mark, rest) = 3 to WireAnswer.stream(this).first("\uFEFF").bytes
        val single = (0 until mark).map { byteArrayOf(rest[it]) }
        WireAnswer.stream(this).pieces(single + rest.copyOfRange(mark, rest.size))
    }.ofText(),
    planned(60, "a", "drip-1-byte", "writes everything a byte at a time", { answer() }) {
        val head = WireAnswer.stream(this).reply().steps
        FaultPlan(LoopbackReply(head.flatMap(::dripped)))
    },
    fault(60, "b", "one-byte-chunks", "puts every byte into a chunk of its own", answer()) {
        WireAnswer.stream(this).pieces(stream.map { byteArrayOf(it) })
    },
    fault(60, "c", "one-write", "sends everything in one chunk", answer()) {
        WireAnswer.stream(this).pieces(listOf(stream))
    },
)

private const val FOUR = 4
private const val FIRST_OF_FOUR = 0xF0.toByte()
private val FOLLOWING = 0x80.toByte()..0xBF.toByte()
private const val CR = '\r'.code.toByte()
private val PAUSE = Duration.ofMillis(100)

/** Where the first character of four bytes begins, which is no such byte of a checksum; -1 when there is none. */
internal fun ByteArray.indexOfFourBytes(): Int = (0..size - FOUR).firstOrNull { at ->
    this[at] == FIRST_OF_FOUR && (1 until FOUR).all { this[at + it] in FOLLOWING }
} ?: -1

/** [step] with its bytes, framing included, in writes of one byte. */
private fun dripped(step: Step): List<Step> = when (step) {
    is Step.Send -> listOf(Step.Drip(step.bytes, 1))

    is Step.Chunk -> {
        val size = "${Integer.toHexString(step.data.size)}\r\n".encodeToByteArray()
        listOf(Step.Drip(size + step.data + "\r\n".encodeToByteArray(), 1))
    }

    else -> listOf(step)
}

internal fun ByteArray.lineEnds(end: String): ByteArray =
    String(this, Charsets.ISO_8859_1).replace("\r\n", "\n").replace("\n", end).toByteArray(Charsets.ISO_8859_1)

internal fun WireAnswer.lineEnds(end: String): WireAnswer = map { it.lineEnds(end) }
