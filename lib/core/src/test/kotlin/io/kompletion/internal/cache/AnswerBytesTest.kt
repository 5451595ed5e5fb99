package io.kompletion.internal.cache

import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.FunctionCall
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallChunk
import io.kompletion.chat.ToolCallPart
import io.kompletion.internal.stream.GoldenStreams
import io.kompletion.internal.stream.RecordedStreams
import io.kompletion.internal.stream.StreamReplay
import io.kompletion.internal.stream.WireStream
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe

private val RULES = KeepRules(toolCalls = true, maxBytes = 64 shl 20)

/** The answer of [stream], if it is one that is kept. */
private fun kept(stream: WireStream): KeptAnswer? {
    val reading = StreamReplay.whole(stream)
    val response = (reading.chunks.lastOrNull() as? FinalResponseChunk)?.response ?: return null
    if (reading.failure != null || !RULES.mayKeep(request { user("Hello") }, response, reading.chunks)) return null
    return KeptAnswer.of(response, reading.chunks)
}

private fun lost(streams: List<WireStream>): Pair<Int, List<String>> {
    val answers = streams.mapNotNull { stream -> kept(stream)?.let { stream to it } }
    return answers.size to answers.filter { AnswerBytes.write(it.second) == null }.map { "${it.first.provider}/${it.first}" }
}

class AnswerBytesTest : FunSpec({
    test("every golden stream that is kept comes back as it was") {
        val (count, lost) = lost(StreamReplay.providers.flatMap { GoldenStreams.all(it) })
        println("cache: $count golden streams written, ${lost.size} not as they were")
        count shouldBeGreaterThan 80
        lost.shouldBeEmpty()
    }

    test("every recorded stream that is kept comes back as it was") {
        val (count, lost) = lost(StreamReplay.providers.flatMap { RecordedStreams.all(it) })
        if (count == 0) println("cache: no corpus here, recorded streams are not looked at")
        println("cache: $count recorded streams written, ${lost.size} not as they were")
        lost.shouldBeEmpty()
    }

    test("arguments of tools keep their own text") {
        val call = ToolCall("c1", FunctionCall("f", "{ \"b\": 1.50,\n \"a\": [] }"))
        val response = answer("x").let { a ->
            a.copy(choices = a.choices.map { it.copy(message = it.message.copy(parts = listOf(ToolCallPart(call)))) })
        }
        val read = AnswerBytes.read(
            AnswerBytes.write(KeptAnswer.of(response, listOf(ToolCallChunk(call)))).shouldNotBeNull(),
        ).shouldNotBeNull()
        read.response.toolCalls.single().function.rawArguments shouldBe call.function.rawArguments
        (read.chunks!!.single() as ToolCallChunk).toolCall shouldBe call
    }

    test("what is damaged or of another version is not read") {
        val bytes = AnswerBytes.write(KeptAnswer.of(answer("Hi"), null)).shouldNotBeNull()
        AnswerBytes.read(bytes).shouldNotBeNull()
        AnswerBytes.read(ByteArray(0)).shouldBeNull()
        AnswerBytes.read(bytes.copyOf(bytes.size - 1)).shouldBeNull()
        AnswerBytes.read(bytes.copyOf().also { it[0] = 9 }).shouldBeNull()
        for (i in bytes.indices) AnswerBytes.read(bytes.copyOf().also { it[i] = '#'.code.toByte() })
    }
})
