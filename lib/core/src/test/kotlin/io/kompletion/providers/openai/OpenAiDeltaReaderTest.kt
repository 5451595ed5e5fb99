package io.kompletion.providers.openai

import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ReasoningDeltaChunk
import io.kompletion.internal.stream.AnswerAssembler
import io.kompletion.internal.stream.GoldenStreams
import io.kompletion.internal.stream.RecordedStreams
import io.kompletion.internal.stream.StreamReplay
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlin.random.Random

private fun read(event: String): List<ChatCompletionChunk>? {
    val out = AnswerAssembler("openai", "m", emits = true)
    val reader = OpenAiDeltaReader(out).apply {
        knowsId = true
        knowsModel = true
        knowsCreated = true
    }
    val bytes = "##$event##".encodeToByteArray()
    return if (reader.accept(bytes, 2, bytes.size - 2)) out.drain() else null
}

private fun delta(delta: String) = """{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":$delta,"finish_reason":null}]}"""

class OpenAiDeltaReaderTest : FunSpec({
    test("a piece of text, with escapes and in every script") {
        for ((json, text) in listOf(
            "Hi" to "Hi",
            "a\\nb\\t\\\"c\\\" \\\\ \\/" to "a\nb\t\"c\" \\ /",
            "Gr\u00fc\u00dfe \u4e16\u754c \ud83c\udf89" to "Gr\u00fc\u00dfe \u4e16\u754c \ud83c\udf89",
            "\\u00e9\\ud83c\\udf89" to "\u00e9\ud83c\udf89",
            "\u00fc\\n\u00fc" to "\u00fc\n\u00fc",
        )) {
            read(delta("{\"content\":\"$json\"}")) shouldBe listOf(AssistantMessageDeltaChunk(text))
        }
    }

    test("reasoning under both names, before the text") {
        read(delta("{\"content\":\"b\",\"reasoning_content\":\"a\"}")) shouldBe
            listOf(ReasoningDeltaChunk("a"), AssistantMessageDeltaChunk("b"))
        read(delta("{\"reasoning\":\"a\",\"content\":\"\"}")) shouldBe listOf(ReasoningDeltaChunk("a"))
    }

    context("anything else is left to the general reader") {
        for (event in listOf(
            delta("{\"tool_calls\":[]}"),
            delta("{\"content\":[\"a\"]}"),
            delta("{\"content\":1}"),
            delta("{\"refusal\":\"no\"}"),
            delta("{\"content\":\"a\",\"content\":\"b\"}"),
            delta("{\"content\":\"\\x\"}"),
            delta("{\"content\":\"a\nb\"}"),
            delta("{\"content\":\"a\"}").dropLast(1),
            delta("{\"content\":\"a\"}") + "x",
            delta("{\"content\":\"a\"}").replace("\"finish_reason\":null", "\"finish_reason\":\"stop\""),
            delta("{\"content\":\"a\"}").replace("\"created\":1", "\"error\":{\"message\":\"x\"}"),
            delta("{\"content\":\"a\"}").replace("\"created\":1", "\"usage\":{\"prompt_tokens\":1}"),
            "{}", "[]", "", "null", "{\"choices\":[]}", "{\"choices\":[{\"index\":0}]}",
        )) {
            test("«${event.take(120)}»") { read(event) shouldBe null }
        }
    }

    test("both readers say the same about every stream") {
        val streams = GoldenStreams.all() + RecordedStreams.all()
        val wrong = streams.filter { StreamReplay.whole(it) != StreamReplay.generally(it) }
        println("quick reader: ${streams.size} streams, ${wrong.size} differences")
        withClue(wrong.map { it.name }) { wrong.size shouldBe 0 }
    }

    test("both readers say the same about damaged streams") {
        val random = Random(7)
        val golden = GoldenStreams.all()
        repeat(3_000) { run ->
            val stream = golden[run % golden.size]
            val bytes = stream.bytes.copyOf()
            repeat(1 + random.nextInt(3)) { if (bytes.isNotEmpty()) bytes[random.nextInt(bytes.size)] = random.nextInt(32, 127).toByte() }
            val damaged = stream.with(bytes)
            withClue("run $run of ${stream.name}") { StreamReplay.whole(damaged) shouldBe StreamReplay.generally(damaged) }
        }
    }

    test("most events of a stream are read quickly") {
        var quick = 0
        var all = 0
        val out = AnswerAssembler("openai", "m", emits = false)
        for (stream in RecordedStreams.all().filter { "activeagent" in it.name }) {
            val reader = OpenAiDeltaReader(out).apply {
                knowsId = true
                knowsModel = true
                knowsCreated = true
            }
            for (line in stream.bytes.decodeToString().lineSequence().filter { it.startsWith("data: {") }) {
                val bytes = line.encodeToByteArray()
                all++
                if (reader.accept(bytes, 6, bytes.size)) quick++
            }
        }
        if (all > 0) (100 * quick / all) shouldBeGreaterThan 60
    }
})
