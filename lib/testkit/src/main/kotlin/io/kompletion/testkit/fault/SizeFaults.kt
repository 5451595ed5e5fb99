package io.kompletion.testkit.fault

import io.kompletion.error.ConnectionException
import io.kompletion.error.TimeoutException
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.answer
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.connection
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.limit
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.protocol
import io.kompletion.testkit.fault.ExpectedOutcome.Companion.timeout
import io.kompletion.testkit.fault.ExpectedOutcome.Partial
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.Step
import java.io.ByteArrayOutputStream
import java.time.Duration
import java.util.zip.GZIPOutputStream

private val CLOSED_ON_OKHTTP = FaultDeviation(
    "okhttp",
    connection(ConnectionException.Kind.RESET),
    "the engine says of a head that is too long that it has ended",
)
private val OPEN_ON_JAVA = FaultDeviation(
    "ktor-java",
    noHead().leavingOpen(),
    "Java's HttpClient does not close a connection whose head is too long",
)
private val LONG_HEAD = listOf(CLOSED_ON_OKHTTP, OPEN_ON_JAVA) +
    onCio(
        noHead().tries(1).leavingOpen(),
        "the engine tells it apart, so that it is not repeated, and leaves its socket",
    )
private val ENDLESS_HEAD = listOf(CLOSED_ON_OKHTTP, OPEN_ON_JAVA) + onCio(
    timeout(TimeoutException.Kind.FIRST_CHUNK).leavingOpen(),
    "the engine reads any number of lines, also when the clock has ended the call, and one name again and again " +
        "costs it more each time",
)

/** More than a client should take: refused by a limit, not by running out of memory. */
internal val SIZE_FAULTS: List<Fault> = listOf(
    fault(41, "a", "huge-line", "sends a line of 64 MiB", longLine(), FaultCall.HEAVY, openOnCio(longLine())) {
        WireAnswer.stream(this).half().then(framing.opening()).then(Step.Repeat(64, listOf(Step.Chunk(MEBIBYTE))))
    }.ofText(),
    fault(41, "b", "huge-event", "sends an event of 64 MiB", longEvent(), FaultCall.HEAVY, openOnCio(longEvent())) {
        val line = "data: ".encodeToByteArray() + MEBIBYTE + '\n'.code.toByte()
        WireAnswer.stream(this).steps(listOf(Step.Repeat(64, listOf(Step.Chunk(line)))))
    }.ofEvents(),
    fault(
        41,
        "c",
        "huge-whole",
        "gives a whole answer of 80 MiB",
        longBody(),
        FaultCall.HEAVY_WHOLE,
        openOnCio(longBody()),
    ) {
        WireAnswer.json(ByteArray(0)).framing(WireAnswer.Framing.CHUNKED)
            .steps(listOf(Step.Chunk("{\"x\":\"".encodeToByteArray()), Step.Repeat(80, listOf(Step.Chunk(MEBIBYTE)))))
    },
    fault(42, "a", "gzip-bomb", "sends 10 KB that unpack to 10 MB, unasked", unasked()) {
        WireAnswer.stream(this).header("content-encoding: gzip").pieces(listOf(gzip(ByteArray(10 shl 20))))
    },
    errorFault(42, "b", "gzip-bomb-error", "the same as the body of an error", { errorOutcome }) {
        WireAnswer.error(this).header("content-encoding: gzip").pieces(listOf(gzip(ByteArray(10 shl 20))))
    },
    fault(43, "a", "gzip-truncated", "packs the answer, unasked, and cuts it off", unasked()) {
        val packed = gzip(stream)
        WireAnswer.stream(this).header("content-encoding: gzip").pieces(listOf(packed.copyOf(packed.size / 2)))
    },
    fault(43, "b", "wrong-encoding-header", "says that a plain answer is packed", unasked()) {
        WireAnswer.stream(this).header("content-encoding: gzip")
    },
    fault(43, "c", "identity-encoding", "says that a plain answer is not packed", answer()) {
        WireAnswer.stream(this).header("content-encoding: identity")
    },
    fault(44, "a", "deep-json", "nests a whole answer 100,000 deep", limit("limit.depth"), FaultCall.WHOLE) {
        WireAnswer.json(deep())
    },
    fault(44, "b", "deep-event", "nests an event 100,000 deep", limit("limit.depth").keeping(Partial.KEPT)) {
        WireAnswer.stream(this).half().then(event(deep().decodeToString()))
    },
    fault(45, "", "wide-json", "gives 17 million empty objects, 50 MiB", limit("limit.values"), FaultCall.HEAVY_WHOLE) {
        val objects = "{},".repeat(WIDE).encodeToByteArray()
        WireAnswer.json(ByteArray(0)).framing(WireAnswer.Framing.CHUNKED)
            .steps(
                listOf(Step.Chunk("{\"choices\":[".encodeToByteArray()), Step.Repeat(50, listOf(Step.Chunk(objects)))),
            )
            .then("{}]}")
    },
    planned(46, "a", "huge-header", "sends a header of 10 MB", { noHead() }, FaultCall.HEAVY, LONG_HEAD) {
        val value = "x".repeat(10_000_000)
        FaultPlan(WireAnswer.stream(this).header("x-long: $value").reply())
    },
    planned(
        46,
        "b",
        "endless-headers",
        "sends headers without end",
        { noHead() },
        FaultCall.HASTY_HEAVY,
        ENDLESS_HEAD,
    ) {
        // Some 3 MB a second: engines meet their limits well within the clocks, and one that has none does not take the
        // processor from the next try. Long lines, since on CIO the cost of a repeated name grows with their square.
        val lines = Step.Send("x-more: ${"and more ".repeat(100)}\r\n".repeat(20).encodeToByteArray())
        val head = LoopbackReply.builder().send("HTTP/1.1 200 OK\r\n")
        FaultPlan(head.repeat(Long.MAX_VALUE, lines, Step.Delay(Duration.ofMillis(5))).build())
    },
)

private val MEBIBYTE = ByteArray(1 shl 20) { 'x'.code.toByte() }
private const val DEEP = 100_000
private const val WIDE = 350_000

/** Nobody asked for a packed answer, so none is unpacked. */
private fun unasked() = protocol("protocol.encoding")

private fun longLine() = limit("limit.line").keeping(Partial.KEPT)

private fun longEvent() = limit("limit.event")

private fun longBody() = limit("limit.body")

private fun openOnCio(expected: ExpectedOutcome) = onCio(
    expected.leavingOpen(),
    "the engine may close only its sending half while a server goes on sending as fast as it can",
)

private fun noHead() = connection(ConnectionException.Kind.OTHER)

private fun deep(): ByteArray = "{\"choices\":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}".encodeToByteArray()

private fun gzip(bytes: ByteArray): ByteArray =
    ByteArrayOutputStream().also { out -> GZIPOutputStream(out).use { it.write(bytes) } }.toByteArray()
