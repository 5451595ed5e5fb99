package io.kompletion.internal.wire

import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.AwsFrames.joined
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import java.lang.management.ManagementFactory

class AwsEventStreamReaderTest : FunSpec({
    val stream = listOf(
        AwsFrames.event("messageStart", """{"role":"assistant"}"""),
        AwsFrames.event("contentBlockDelta", """{"delta":{"text":"Grüße 🎉"}}"""),
        AwsFrames.event("empty", ""),
        AwsFrames.exception("throttlingException", """{"message":"slow"}"""),
        AwsFrames.error("InternalError", "broken"),
        AwsFrames.event("messageStop", """{"stopReason":"end_turn"}"""),
    ).joined()
    val read = listOf(
        "event messageStart {\"role\":\"assistant\"}",
        "event contentBlockDelta {\"delta\":{\"text\":\"Grüße 🎉\"}}",
        "event empty ",
        "failure throttlingException {\"message\":\"slow\"}",
        "failure InternalError broken",
        "event messageStop {\"stopReason\":\"end_turn\"}",
    )

    test("reads frames that come whole") { Told().apply { push(stream) }.said shouldContainExactly read }

    test("reads frames the same wherever their bytes are cut in two") {
        (1 until stream.size).filter { cut ->
            Told().apply {
                push(stream.copyOfRange(0, cut))
                push(stream.copyOfRange(cut, stream.size))
            }.said != read
        }.shouldBeEmpty()
    }

    test("reads frames the same in pieces of every size") {
        (1..stream.size).filter { size ->
            val told = Told()
            stream.toList().chunked(size).forEach { told.push(it.toByteArray()) }
            told.said != read
        }.shouldBeEmpty()
    }

    test("steps over headers of every type") {
        val headers = listOf(
            AwsFrames.header("yes", 0, ByteArray(0)),
            AwsFrames.header("no", 1, ByteArray(0)),
            AwsFrames.header("byte", 2, ByteArray(1)),
            AwsFrames.header("short", 3, ByteArray(2)),
            AwsFrames.header("int", 4, ByteArray(4)),
            AwsFrames.header("long", 5, ByteArray(8)),
            AwsFrames.header("bytes", 6, AwsFrames.sized(ByteArray(300))),
            AwsFrames.header("text", 7, AwsFrames.sized("é".encodeToByteArray())),
            AwsFrames.header("time", 8, ByteArray(8)),
            AwsFrames.header("uuid", 9, ByteArray(16)),
            AwsFrames.header(":message-type", 7, AwsFrames.sized("event".encodeToByteArray())),
            AwsFrames.header(":event-type", 7, AwsFrames.sized("chunk".encodeToByteArray())),
        ).joined()
        Told().apply { push(AwsFrames.frame("{}".encodeToByteArray(), headers)) }.said shouldBe listOf("event chunk {}")
    }

    test("passes over kinds of frames that it does not know") {
        Told().apply { push(AwsFrames.frame(ByteArray(3), ":message-type" to "ping")) }.said.shouldBeEmpty()
        Told().apply { push(AwsFrames.frame(ByteArray(0), ByteArray(0))) }.said.shouldBeEmpty()
    }

    test("finds every flipped bit") {
        val frame = AwsFrames.event("chunk", """{"bytes":"eA=="}""")
        val unseen = frame.indices.filter { at ->
            val broken = frame.copyOf().also { it[at] = (it[at].toInt() xor 1).toByte() }
            val failure = shouldThrow<UnexpectedResponseException> { Told().push(broken + frame) }
            failure.code != "protocol.crc"
        }
        unseen.shouldBeEmpty()
    }

    test("refuses a frame that is larger than allowed as soon as it says so") {
        fun failure(prelude: ByteArray) = shouldThrow<UnexpectedResponseException> { Told().push(prelude) }.code
        failure(AwsFrames.prelude(AwsEventStreamReader.MAX_FRAME_BYTES + 1, 0)) shouldBe "limit.event"
        failure(AwsFrames.prelude(-1, 0)) shouldBe "limit.event"
        failure(AwsFrames.prelude(15, 0)) shouldBe "protocol.frame"
        failure(AwsFrames.prelude(100, 85)) shouldBe "protocol.frame"
        failure(AwsFrames.prelude(100, -1)) shouldBe "protocol.frame"
    }

    test("refuses headers that do not fill their place, and types that nobody knows") {
        fun failure(headers: ByteArray) = shouldThrow<UnexpectedResponseException> {
            Told().push(AwsFrames.frame(ByteArray(0), headers))
        }.code
        failure(byteArrayOf(0)) shouldBe "protocol.frame"
        failure(byteArrayOf(5, 1, 2)) shouldBe "protocol.frame"
        failure(AwsFrames.header("a", 10, ByteArray(0))) shouldBe "protocol.frame"
        failure(AwsFrames.header("a", -1, ByteArray(0))) shouldBe "protocol.frame"
        failure(AwsFrames.header("a", 5, ByteArray(7))) shouldBe "protocol.frame"
        failure(AwsFrames.header("a", 7, byteArrayOf(0))) shouldBe "protocol.frame"
        failure(AwsFrames.header("a", 7, byteArrayOf(0, 9, 1))) shouldBe "protocol.frame"
    }

    test("says nothing of a frame that is cut off") {
        for (length in 1 until AwsFrames.event("chunk", "{}").size) {
            val told = Told()
            told.push(AwsFrames.event("chunk", "{}").copyOf(length))
            told.finish()
            told.said.shouldBeEmpty()
        }
    }

    test("takes memory for what came, not for what a prelude promises") {
        val prelude = AwsFrames.prelude(AwsEventStreamReader.MAX_FRAME_BYTES, 0)
        val beans = ManagementFactory.getThreadMXBean() as com.sun.management.ThreadMXBean
        Told().push(prelude)
        val before = beans.getThreadAllocatedBytes(Thread.currentThread().id)
        repeat(ROUNDS) { Told().push(prelude) }
        val each = (beans.getThreadAllocatedBytes(Thread.currentThread().id) - before) / ROUNDS
        each shouldBeLessThan 64L * 1024
    }
})

private const val ROUNDS = 100

/** Writes down what a reader hands on. The pushed arrays do not stay as they are. */
private class Told : EventSink {
    val said = ArrayList<String>()
    private val reader = AwsEventStreamReader(this)

    fun push(bytes: ByteArray) {
        val given = bytes.copyOf()
        reader.push(given, 0, given.size)
        given.fill('#'.code.toByte())
    }

    fun finish() = reader.finish()

    override fun event(name: String?, data: ByteArray, start: Int, end: Int) {
        said += "event $name ${String(data, start, end - start)}"
    }

    override fun stray(data: ByteArray, start: Int, end: Int) = error("frames have nothing outside")

    override fun failure(type: String, data: ByteArray, start: Int, end: Int) {
        said += "failure $type ${String(data, start, end - start)}"
    }
}
