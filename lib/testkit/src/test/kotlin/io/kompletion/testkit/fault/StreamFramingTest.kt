package io.kompletion.testkit.fault

import io.kompletion.testkit.bedrock.EventFrame
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.nio.ByteBuffer
import kotlin.random.Random

class StreamFramingTest : FunSpec({
    test("server-sent events end with a blank line, of LF or CRLF") {
        cut(StreamFraming.SSE, "data: 1\n\ndata: 2\r\n\r\ndata: 3") shouldBe
            listOf("data: 1\n\n", "data: 2\r\n\r\n", "data: 3")
    }

    test("a document a line ends with the line") {
        cut(StreamFraming.NDJSON, "{\"a\":1}\n{}\n") shouldBe listOf("{\"a\":1}\n", "{}\n")
    }

    test("binary frames end where their length says, also with line ends and lengths in them") {
        val frames = listOf(frame("one\n\n"), frame("\u0000\u0000\u0000\u0009two"), frame(""))
        val pieces = StreamFraming.EVENT_STREAM.cut(frames.reduce(ByteArray::plus))
        pieces.map { it.toList() } shouldBe frames.map { it.toList() }
    }

    test("a document is put in the place of another, and read again") {
        val pieces = mapOf(
            StreamFraming.SSE to "event: a\ndata: 1\n\n".encodeToByteArray(),
            StreamFraming.NDJSON to "1\n".encodeToByteArray(),
            StreamFraming.EVENT_STREAM to EventFrame(EventFrame.text(":event-type", "a"), byteArrayOf('1'.code.toByte())).bytes(),
        )
        for ((framing, piece) in pieces) {
            val other = framing.reframed(piece, "{\"long\":2}".encodeToByteArray())
            framing.document(piece).decodeToString() shouldBe "1"
            framing.document(other).decodeToString() shouldBe "{\"long\":2}"
            framing.reframed(other, "1".encodeToByteArray()).toList() shouldBe piece.toList()
        }
    }

    test("whatever a stream holds, its pieces are the stream") {
        val random = Random(1)
        repeat(1_000) {
            // Of few values, so that line ends and lengths that fit are among them.
            val bytes = ByteArray(random.nextInt(60)) { random.nextInt(14).toByte() }
            for (framing in StreamFraming.ALL) {
                framing.cut(bytes).fold(ByteArray(0), ByteArray::plus).toList() shouldBe bytes.toList()
            }
        }
    }
})

private fun cut(framing: StreamFraming, text: String) =
    framing.cut(text.encodeToByteArray()).map { it.decodeToString() }

private fun frame(text: String): ByteArray {
    val bytes = text.encodeToByteArray()
    return ByteBuffer.allocate(4 + bytes.size).putInt(4 + bytes.size).put(bytes).array()
}
