package io.kompletion.testkit.bedrock

import io.kompletion.testkit.fault.StreamFraming
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.ByteBuffer
import java.util.zip.CRC32

class EventFrameTest : FunSpec({
    val headers = EventFrame.text(":event-type", "chunk") + EventFrame.header("flag", 0, ByteArray(0))

    test("a frame is what its bytes are") {
        val bytes = EventFrame(headers, "{}".encodeToByteArray()).bytes()
        val read = EventFrame.of(bytes)
        read.headers.toList() shouldBe headers.toList()
        read.payload.decodeToString() shouldBe "{}"
        read.bytes().toList() shouldBe bytes.toList()
    }

    test("both checksums are over what stands before them, also where the lengths are wrong") {
        val frame = EventFrame(headers, "{}".encodeToByteArray())
        for (bytes in listOf(frame.bytes(), frame.bytes(totalLength = 7, headerLength = -1))) {
            sumAt(bytes, 8) shouldBe checksum(bytes, 8)
            sumAt(bytes, bytes.size - 4) shouldBe checksum(bytes, bytes.size - 4)
        }
    }

    test("a text in a header has the length of its bytes") {
        EventFrame.text("a", "ü").toList() shouldBe byteArrayOf(1, 'a'.code.toByte(), 7, 0, 2, -61, -68).toList()
    }

    test("lines are frames of what they say") {
        val frames = StreamFraming.EVENT_STREAM.cut(
            FrameLines.bytes("event a {\"b\":1}\n\nexception c {}\nerror D so it is\nchunk {\"e\":2}\n"),
        ).map { EventFrame.of(it) }
        frames.map { it.payload.decodeToString() } shouldBe
            listOf("{\"b\":1}", "{}", "", "{\"bytes\":\"eyJlIjoyfQ==\",\"p\":\"abcdefgh\"}")
        frames[2].headers.decodeToString() shouldContain "so it is"
        shouldThrow<IllegalArgumentException> { FrameLines.bytes("evnt a {}") }.message shouldBe
            "No frame is written as \"evnt a {}\""
    }
})

private fun sumAt(bytes: ByteArray, at: Int): Int = ByteBuffer.wrap(bytes).getInt(at)

private fun checksum(bytes: ByteArray, length: Int): Int =
    CRC32().apply { update(bytes, 0, length) }.value.toInt()
