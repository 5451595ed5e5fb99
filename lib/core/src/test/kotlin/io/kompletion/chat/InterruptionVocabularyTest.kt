package io.kompletion.chat

import io.kompletion.error.InvalidRequestException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject

private fun read(options: String): StreamOptions? =
    ChatCompletionRequest.fromJson("""{"model":"m","messages":[],"stream_options":$options}""").streamOptions

private fun written(options: StreamOptions): Any? =
    Json.parseToJsonElement(ChatCompletionRequest("m") { streamOptions = options }.toJson()).jsonObject["stream_options"]

class InterruptionVocabularyTest : FunSpec({
    test("a stream that breaks off fails unless told otherwise, and one interruption is mended") {
        for (options in listOf(StreamOptions.DEFAULT, StreamOptions.SENTENCES, read("{}"), read("""{"include_usage":true}"""))) {
            options?.onInterruption shouldBe OnInterruption.FAIL
            options?.maxInterruptions shouldBe 1
        }
    }

    for ((word, meaning) in listOf(
        "fail" to OnInterruption.FAIL,
        "restart" to OnInterruption.RESTART,
        "continue" to OnInterruption.CONTINUE,
    )) {
        test("$word is read and written") {
            val options = read("""{"on_interruption":"$word","max_interruptions":10}""")
            options?.onInterruption shouldBe meaning
            options?.maxInterruptions shouldBe 10
            options?.extra shouldBe emptyMap()
            val made = StreamOptions {
                onInterruption = meaning
                maxInterruptions = 3
            }
            read(written(made).toString()) shouldBe made
            made.toBuilder().build() shouldBe made
        }
    }

    test("every way is one that JSON can say") {
        for (way in OnInterruption.values()) {
            read("""{"on_interruption":"${way.name.lowercase()}"}""")?.onInterruption shouldBe way
        }
    }

    test("what is no way to go on, and no number of times, is refused") {
        for (wrong in listOf("\"on_interruption\":\"retry\"", "\"on_interruption\":true", "\"max_interruptions\":0", "\"max_interruptions\":11")) {
            withClue(wrong) { shouldThrow<InvalidRequestException> { read("{$wrong}") } }
        }
        shouldThrow<InvalidRequestException> { read("""{"on_interruption":"retry"}""") }.message shouldContain "retry"
        for (count in listOf(-1, 0, 11)) {
            shouldThrow<IllegalArgumentException> { StreamOptions { maxInterruptions = count } }.message shouldBe
                "stream_options.max_interruptions must be in 1..10, got $count"
        }
    }

    test("an interruption has its names in JSON and a method of its own in a visitor") {
        val chunk = InterruptionChunk(isRestart = false, reason = "reset", provider = "openai", model = "m")
        Json.parseToJsonElement(chunk.toJson()) shouldBe Json.parseToJsonElement(
            """{"type":"interruption","is_restart":false,"reason":"reset","provider":"openai","model":"m"}""",
        )
        val heard = chunk.accept(
            object : ChunkVisitor<ChatCompletionChunk?> {
                override fun interruption(chunk: InterruptionChunk) = chunk

                override fun other(chunk: ChatCompletionChunk) = null
            },
        )
        heard shouldBeSameInstanceAs chunk
        chunk.accept(typed) shouldBe "interruption"
    }
})

private val typed = object : ChunkVisitor<String> {
    override fun other(chunk: ChatCompletionChunk): String = chunk.type
}
