package io.kompletion.internal.stream

import io.kompletion.chat.FinalResponseChunk
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.random.Random
import kotlin.time.Duration.Companion.seconds

/** Whatever a broken server or proxy makes of a stream, it ends with an answer or with a failure of this library. */
class StreamFuzzTest : FunSpec({
    val streams = listOf("openai", "anthropic", "gemini").flatMap { GoldenStreams.all(it) }

    test("a damaged stream ends with a response or with an exception of the library").config(
        timeout = LIMIT_SECONDS.seconds,
    ) {
        val runs = if (System.getProperty("kompletion.slow") == "true") SLOW_RUNS else RUNS
        repeat(runs) { run ->
            val seed = FIRST_SEED + run
            val random = Random(seed)
            val stream = streams[random.nextInt(streams.size)]
            val damaged = stream.with(damage(stream.bytes, random))
            val cut = if (damaged.bytes.size < 2) intArrayOf() else intArrayOf(random.nextInt(1, damaged.bytes.size))
            withClue("seed $seed, ${stream.name}") {
                val reading = StreamReplay.cut(damaged, *cut)
                val responses = reading.chunks.count { it is FinalResponseChunk }
                val endsWell = reading.chunks.lastOrNull() is FinalResponseChunk
                responses shouldBe if (reading.failure == null) 1 else 0
                endsWell shouldBe (reading.failure == null)
                withClue("cut at ${cut.asList()}") { reading shouldBe StreamReplay.whole(damaged) }
            }
        }
    }

    test("an event that is nested without end is a failure and no stack overflow") {
        for ((open, close) in listOf("[" to "]", "{\"a\":" to "}", "[{\"a\":" to "}]")) {
            for (end in listOf("", "1" + close.repeat(DEEP) + "}")) {
                val body = "data: {\"choices\":[],\"a\":" + open.repeat(DEEP) + end + "\n\ndata: [DONE]\n\n"
                val reading = StreamReplay.whole(WireStream(open, body.encodeToByteArray(), "text/event-stream"))
                withClue(open) { reading.failure shouldBe NO_JSON }
            }
        }
    }
})

private const val NO_JSON = "UnexpectedResponseException status=null code=protocol.json type=null"
private const val DEEP = 200_000
private const val RUNS = 2_000
private const val SLOW_RUNS = 200_000
private const val FIRST_SEED = 20_260_801
private const val LIMIT_SECONDS = 600
private const val MOST_DAMAGES = 4

private fun damage(bytes: ByteArray, random: Random): ByteArray =
    (0..random.nextInt(MOST_DAMAGES)).fold(bytes) { damaged, _ -> damageOnce(damaged, random) }

private fun damageOnce(bytes: ByteArray, random: Random): ByteArray {
    if (bytes.isEmpty()) return random.nextBytes(4)
    val at = random.nextInt(bytes.size)
    return when (random.nextInt(6)) {
        0 -> bytes.copyOf().also { it[at] = random.nextInt().toByte() }
        1 -> bytes.copyOf().also { it[at] = (it[at].toInt() xor (1 shl random.nextInt(8))).toByte() }
        2 -> bytes.copyOf(at)
        3 -> bytes.copyOfRange(0, at) + random.nextBytes(random.nextInt(1, 8)) + bytes.copyOfRange(at, bytes.size)
        4 -> bytes.copyOfRange(0, at) + bytes.copyOfRange(minOf(bytes.size, at + random.nextInt(1, 40)), bytes.size)
        else -> repeatedEvent(bytes, random)
    }
}

/** One event again, somewhere else. */
private fun repeatedEvent(bytes: ByteArray, random: Random): ByteArray {
    // Latin-1 keeps every byte.
    val events = String(bytes, Charsets.ISO_8859_1).split("\n\n").toMutableList()
    events.add(random.nextInt(events.size + 1), events[random.nextInt(events.size)])
    return events.joinToString("\n\n").toByteArray(Charsets.ISO_8859_1)
}
