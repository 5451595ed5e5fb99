package io.kompletion.internal.stream

import io.kompletion.chat.FinalResponseChunk
import io.kompletion.fuzz.damage
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.random.Random
import kotlin.time.Duration.Companion.seconds

/** Whatever a broken server or proxy makes of a stream, it ends with an answer or with a failure of this library. */
class StreamFuzzTest : FunSpec({
    val streams = StreamReplay.providers.flatMap { GoldenStreams.all(it) }

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
                withClue(open) { reading.failure shouldBe TOO_DEEP }
            }
        }
    }
})

private const val TOO_DEEP = "UnexpectedResponseException status=null code=limit.depth type=null"
private const val DEEP = 200_000
private const val RUNS = 2_000
private const val SLOW_RUNS = 200_000
private const val FIRST_SEED = 20_260_801
private const val LIMIT_SECONDS = 600
