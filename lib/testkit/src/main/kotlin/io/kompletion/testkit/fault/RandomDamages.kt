package io.kompletion.testkit.fault

import io.kompletion.testkit.fault.WireAnswer.End
import io.kompletion.testkit.fault.WireAnswer.Framing
import io.kompletion.testkit.server.Step
import java.time.Duration
import kotlin.random.Random

/** The damages of [RandomFaults]. New ones go to the end, or every seed means another fault. */
internal val DAMAGES: List<Damage> = listOf(
    cut("fin", End.FIN),
    cut("rst", End.RST),
    cut("end", End.COMPLETE),
    cut("hold", End.HOLD),
    Damage("splits") { answer, _, random -> answer.steps(splits(answer.bytes, random)) },
    Damage("crlf", TEXT) { answer, _, _ -> answer.lineEnds("\r\n") },
    Damage("bare-cr", EVENTS) { answer, _, _ -> answer.pieces(listOf(answer.bytes)).lineEnds("\r") },
    Damage("bom", TEXT) { answer, _, _ -> answer.first("\uFEFF") },
    inserted("comments", EVENTS) { ": waiting\n\n".repeat(5) },
    inserted("unknown-fields", EVENTS) { "x-trace: 1\nretry: 10\n" },
    inserted("empty-events", EVENTS) { "data:\n\n\n" },
    insertedBytes("error-event") { it.errorEvent },
    inserted("raw-error", EVENTS) { "${it.error.decodeToString()}\n" },
    inserted("error-field", EVENTS) { "error: ${compact(it.error)}\n\n" },
    insertedBytes("broken-json") { it.event("{\"id\":") },
    Damage("content-type") { answer, _, random -> answer.contentType(TYPES.random(random)) },
    framed("length") { answer, _ -> answer.framing(Framing.LENGTH) },
    framed("close-delimited") { answer, _ -> answer.framing(Framing.CLOSE) },
    framed("long-length") { answer, random ->
        answer.announcing(answer.bytes.size + random.nextInt(1, 50)).end(End.FIN)
    },
    framed("short-length") { answer, random ->
        answer.announcing(random.nextInt(answer.bytes.size + 1)).end(End.FIN)
    },
    Damage("no-end") { answer, of, random -> answer.pieces(answer.pieces.dropLast(random.nextInt(of.endEvents + 1))) },
    Damage("more-after-end") { answer, of, _ ->
        // Where the end was cut off, or has no mark of its own, it would be more of the answer.
        val ends = of.markerEvents > 0 && answer.bytes.takeLast(TAIL_BYTES) == of.stream.takeLast(TAIL_BYTES)
        if (ends) answer.then(Step.Chunk(of.textEvent())) else answer
    },
    Damage("framed-twice", EVENTS) { answer, _, _ -> answer.mapText { it.replace("data: {", "data: data: {") } },
    Damage("many-data-lines", EVENTS) { answer, _, _ -> answer.mapText { it.replace("data: {", "data: {\ndata: ") } },
    Damage("status") { answer, _, random -> answer.status(STATUSES.random(random)) },
    Damage("encoding") { answer, _, _ -> answer.header("content-encoding: br") },
    Damage("one-write") { answer, _, _ -> answer.pieces(listOf(answer.bytes)) },
    Damage("slow") { answer, _, random -> answer.steps(slow(answer.pieces, random)) },
)

private val EVENTS get() = setOf(StreamFraming.SSE)
private val TEXT get() = StreamFraming.TEXT
private val TYPES = listOf(null, "text/plain", "application/json", "application/x-ndjson", "text/html", "x/y; z", "")
private val STATUSES = listOf(201, 204, 301, 400, 401, 404, 408, 418, 429, 500, 502, 503, 529, 599)
private const val TAIL_BYTES = 12
private const val MOST_SLEEP_MILLIS = 40L

private fun cut(name: String, end: End) = Damage("cut-$name") { answer, _, random ->
    val bytes = answer.bytes
    val kept = bytes.copyOf(random.nextInt(bytes.size + 1))
    val pause = if (random.nextBoolean()) Duration.ofMillis(50) else Duration.ZERO
    val cut = answer.pieces(listOf(kept)).then(Step.Delay(pause)).end(end)
    // With a length it could be a whole answer, and a connection that is idle and not silent.
    if (end == End.HOLD) cut.framing(Framing.CHUNKED) else cut
}

/** Another framing, except where the connection is held open: see [cut]. */
private fun framed(name: String, on: (WireAnswer, Random) -> WireAnswer) = Damage(name) { answer, _, random ->
    on(answer, random).let { if (answer.isHeld) answer else it }
}

/** Puts something between two events, or before or after all of them; inside one it would be another event. */
private fun inserted(name: String, framings: Set<StreamFraming>, what: (Recording) -> String) =
    insertedBytes(name, framings) { what(it).encodeToByteArray() }

private fun insertedBytes(
    name: String,
    framings: Set<StreamFraming> = StreamFraming.ALL,
    what: (Recording) -> ByteArray,
) = Damage(name, framings) { answer, of, random ->
    val pieces = of.framing.cut(answer.bytes).toMutableList()
    pieces.add(random.nextInt(pieces.size + 1), what(of))
    answer.pieces(pieces)
}

private fun splits(bytes: ByteArray, random: Random): List<Step> {
    val steps = ArrayList<Step>()
    var at = 0
    while (at < bytes.size) {
        val end = minOf(bytes.size, at + random.nextInt(1, 80))
        steps += Step.Chunk(bytes.copyOfRange(at, end))
        if (random.nextInt(4) == 0) steps += Step.Delay(Duration.ofMillis(random.nextLong(5)))
        at = end
    }
    return steps
}

private fun slow(pieces: List<ByteArray>, random: Random): List<Step> =
    pieces.flatMap { listOf(Step.Delay(Duration.ofMillis(random.nextLong(MOST_SLEEP_MILLIS))), Step.Chunk(it)) }
