package io.kompletion.internal.stream

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe

class AfterTheEndTest : FunSpec({
    test("broken frames behind the end change nothing, wherever they are cut") {
        val streams = listOf("bedrock", "anthropic_bedrock").flatMap { GoldenStreams.all(it) }
            .filter { !it.isText && StreamReplay.whole(it).failure == null && it.name != WITHOUT_END }
        streams.size shouldBeGreaterThan 10
        for (stream in streams) {
            val good = StreamReplay.whole(stream)
            val end = stream.bytes.size
            val damaged = stream.with(stream.bytes + ByteArray(LENGTH) { -1 })
            withClue(stream.name) {
                StreamReplay.whole(damaged) shouldBe good
                for (cut in listOf(1, end / 2, end - 1, end, end + 1, end + LENGTH - 1)) {
                    withClue("cut at $cut") { StreamReplay.cut(damaged, cut) shouldBe good }
                }
                StreamReplay.dripped(damaged) shouldBe good
            }
        }
    }
})

/** It ends with the stop reason, behind which usage may still come. */
private const val WITHOUT_END = "no-metadata.frames"
private const val LENGTH = 40
