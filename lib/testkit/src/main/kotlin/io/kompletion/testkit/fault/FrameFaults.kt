package io.kompletion.testkit.fault

import io.kompletion.testkit.bedrock.EventFrame
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.limit
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.protocol
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.truncated
import io.kompletion.testkit.fault.ExpectedOutcome.Partial
import kotlin.experimental.xor

/** Damages of Amazon's binary frames; what a frame says is trusted when its checksums fit, and not before. */
internal val FRAME_FAULTS: List<Fault> = listOf(
    frame("a", "frame-checksum", "sends a frame whose checksum is wrong", badSum()) { it.flipped(it.size - 1) },
    frame("b", "prelude-checksum", "sends a frame whose prelude has a wrong checksum", badSum()) {
        it.flipped(EventFrame.PRELUDE - 1)
    },
    frame("c", "frame-bit", "sends a frame with one bit another", badSum()) { it.flipped(it.size / 2) },
    frame("d", "frame-byte-lost", "loses a byte of a frame", badSum()) { frame ->
        frame.copyOf(frame.size / 2) + frame.copyOfRange(frame.size / 2 + 1, frame.size)
    },
    frame("e", "length-bit", "sends a frame whose length has one bit another", badSum()) { it.flipped(0) },
    frame("f", "frame-too-short", "sends a frame shorter than a frame can be", badFrame()) {
        EventFrame.of(it).bytes(EventFrame.OVERHEAD - 1, 0)
    },
    frame("g", "headers-too-long", "sends a frame whose headers end behind it", badFrame()) {
        EventFrame.of(it).bytes(it.size, it.size - EventFrame.OVERHEAD + 1)
    },
    frame("h", "header-of-unknown-type", "sends a header of a type that there is not", badFrame()) {
        EventFrame.of(it).headers(EventFrame.header("new", UNKNOWN_TYPE, byteArrayOf(1))).bytes()
    },
    frame("i", "header-cut", "sends a header that is longer than its place", badFrame()) {
        EventFrame.of(it).headers(EventFrame.header("new", BYTES, byteArrayOf(0, 2, 1))).bytes()
    },
    frame("j", "huge-frame", "announces a frame of 64 MiB", limit("limit.event").keeping(Partial.KEPT)) {
        EventFrame.of(it).bytes(64 shl 20, 0)
    },
    fault(57, "k", "prelude-cut", "ends in order inside a prelude", truncated()) {
        WireAnswer.stream(this).run { half().then(nextAfterHalf().copyOf(EventFrame.PRELUDE / 2)) }
    },
    caseFault(57, "l", "error-frame", "begins with a frame that is an error with a code") { errorOutcome },
    caseFault(57, "m", "error-in-frame", "begins with the model's own error inside a frame") { errorOutcome },
    fault(57, "n", "unknown-frames", "sends frames and headers that nobody knows between the others", answer()) {
        WireAnswer.stream(this).map { UNKNOWN + EventFrame.of(it).headers(STRANGE_HEADERS).bytes() }
    },
    fault(57, "o", "frame-damage-after-end", "sends a broken frame after the end", answer()) {
        WireAnswer.stream(this).run { pieces(pieces + textEvent().flipped(0)) }
    },
).map { it.of(setOf(StreamFraming.EVENT_STREAM)) }

private const val BYTES = 6
private const val UNKNOWN_TYPE = 42

/** One header of every type that is no text. */
private val STRANGE_HEADERS: ByteArray = listOf(0, 0, 1, 2, 4, 8, null, null, 8, 16)
    .mapIndexedNotNull { type, size -> size?.let { EventFrame.header("x-$type", type, ByteArray(it)) } }
    .reduce(ByteArray::plus) + EventFrame.header("x-bytes", BYTES, byteArrayOf(0, 1, 7))

/** An event and a kind of message of tomorrow, and a frame that says nothing at all. */
private val UNKNOWN: ByteArray = listOf(
    EventFrame.text(":event-type", "newEvent") + EventFrame.text(":message-type", "event"),
    EventFrame.text(":message-type", "heartbeat"),
    ByteArray(0),
).map { EventFrame(it, "{}".encodeToByteArray()).bytes() }.reduce(ByteArray::plus)

/** Sends the stream with [damage] to the frame after its half. */
private fun frame(
    variant: String,
    name: String,
    does: String,
    expected: ExpectedOutcome,
    damage: (ByteArray) -> ByteArray,
) = fault(57, variant, name, does, expected) {
    WireAnswer.stream(this).run {
        pieces.drop(pieces.size / 2 + 1).fold(half().then(damage(nextAfterHalf())), WireAnswer::then)
    }
}

private fun badSum() = protocol("protocol.crc").keeping(Partial.KEPT)

private fun badFrame() = protocol("protocol.frame").keeping(Partial.KEPT)

private fun ByteArray.flipped(at: Int): ByteArray = copyOf().also { it[at] = it[at] xor 1 }
