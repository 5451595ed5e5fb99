package io.kompletion.testkit.openai

import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage
import io.kompletion.testkit.chat
import io.kompletion.testkit.chunks
import io.kompletion.testkit.internal.array
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import io.kompletion.testkit.payloads
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldNotContain
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject

class FakeOpenAiStreamTest :
    FunSpec({
        val fakes = FakeProviders.start()
        val openAi = fakes.openAi()
        afterSpec { fakes.close() }

        val stream = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}],"stream":true}"""
        val streamWithUsage = stream.dropLast(1) + ""","stream_options":{"include_usage":true}}"""

        fun JsonObject.choice(): JsonObject = objects("choices").single()

        fun JsonObject.delta(): JsonObject = choice().obj("delta").shouldNotBeNull()

        test("streams a text as role, one chunk a delta, finish and end marker") {
            openAi.enqueue(FakeReply.text("Hello there, you"))
            val response = chat(openAi.baseUrl, stream)
            response.statusCode() shouldBe 200
            response.headers().firstValue("content-type").get() shouldBe "text/event-stream; charset=utf-8"
            response.headers().firstValue("x-request-id").get() shouldStartWith "req_"
            response.payloads().last() shouldBe "[DONE]"
            response.chunks().map { it.delta() } shouldContainExactly listOf(
                json("""{"role":"assistant","content":"","refusal":null}"""),
                json("""{"content":"Hello"}"""),
                json("""{"content":" there,"}"""),
                json("""{"content":" you"}"""),
                json("{}"),
            )
            response.chunks().map { it.choice()["finish_reason"] }.dropLast(1).distinct() shouldBe listOf(JsonNull)
            response.chunks().last().choice().text("finish_reason") shouldBe "stop"
        }

        test("gives every chunk the keys OpenAI gives it, one id for all, and no usage unless asked") {
            openAi.enqueue(FakeReply.text("Hello"))
            val chunks = chat(openAi.baseUrl, stream).chunks()
            chunks.map { it.keys }.distinct().single() shouldBe
                setOf("id", "object", "created", "model", "service_tier", "system_fingerprint", "choices")
            val choiceKeys = setOf("index", "delta", "logprobs", "finish_reason")
            chunks.map { it.choice().keys }.distinct() shouldBe listOf(choiceKeys)
            chunks.map { it.text("id") }.distinct().size shouldBe 1
            chunks.map { it.text("object") }.distinct() shouldBe listOf("chat.completion.chunk")
            chunks.map { it.text("model") }.distinct() shouldBe listOf("gpt-4o-mini")
        }

        test("sends the usage in a last chunk without choices when asked, and null before it") {
            openAi.enqueue(FakeReply.text("Hello").usage(FakeUsage(12, 5, cachedTokens = 8, reasoningTokens = 2)))
            val chunks = chat(openAi.baseUrl, streamWithUsage).chunks()
            chunks.dropLast(1).map { it["usage"] }.distinct() shouldBe listOf(JsonNull)
            chunks.last().array("choices")?.size shouldBe 0
            chunks.last()["usage"] shouldBe json(
                """{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17,
            "prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},
            "completion_tokens_details":{"reasoning_tokens":2,"audio_tokens":0,
            "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""",
            )
        }

        test("streams tool calls as id and name first, then the arguments in pieces") {
            val first = FakeReply.toolCall("weather", """{"city":"Rome"}""", "call_a")
            openAi.enqueue(first.thenToolCall("time", """{"zone":"CET"}"""))
            val chunks = chat(openAi.baseUrl, stream).chunks()
            chunks.first().delta() shouldBe json("""{"role":"assistant","content":null,"refusal":null}""")
            chunks[1].delta() shouldBe json(
                """{"tool_calls":[{"index":0,"id":"call_a","type":"function",
            "function":{"name":"weather","arguments":""}}]}""",
            )
            val entries = chunks.flatMap { it.delta().objects("tool_calls") }.groupBy { it["index"].toString() }
            val arguments = entries.mapValues { (_, parts) ->
                parts.joinToString("") { it.obj("function")?.text("arguments").orEmpty() }
            }
            arguments shouldBe mapOf("0" to """{"city":"Rome"}""", "1" to """{"zone":"CET"}""")
            entries.getValue("0").drop(1).map { it.keys }.distinct() shouldBe listOf(setOf("index", "function"))
            (entries.getValue("0").size > 3) shouldBe true
            entries.getValue("1").first().text("id").shouldNotBeNull() shouldStartWith "call_"
            chunks.last().choice().text("finish_reason") shouldBe "tool_calls"
        }

        test("streams reasoning before the text") {
            openAi.enqueue(FakeReply.reasoning("Think hard.").thenText("Done."))
            val deltas = chat(openAi.baseUrl, stream).chunks().map { it.delta() }
            deltas.mapNotNull { it.text("reasoning_content") } shouldBe listOf("Think", " hard.")
            deltas.indexOfLast { "reasoning_content" in it } + 1 shouldBe
                deltas.indexOfFirst { it.text("content") == "Done." }
        }

        test("streams a refusal in its own field") {
            openAi.enqueue(FakeReply.refusal("I cannot."))
            val deltas = chat(openAi.baseUrl, stream).chunks().map { it.delta() }
            deltas.mapNotNull { it.text("refusal") } shouldBe listOf("I", " cannot.")
            deltas.mapNotNull { it.text("content") }.joinToString("") shouldBe ""
        }

        test("interleaves the deltas of several choices by index") {
            openAi.enqueue(FakeReply.choices(FakeReply.text("a b"), FakeReply.text("c")))
            val choices = chat(openAi.baseUrl, stream).chunks().map { it.choice() }
            choices.map { it["index"].toString() } shouldBe listOf("0", "1", "0", "1", "0", "1", "0")
            val texts = choices.groupBy { it["index"].toString() }
                .mapValues { (_, parts) -> parts.mapNotNull { it.obj("delta")?.text("content") }.joinToString("") }
            texts shouldBe mapOf("0" to "a b", "1" to "c")
        }

        test("sends exactly the deltas and the finish reason of the script") {
            openAi.enqueue(FakeReply.textDeltas("Hel", "", "lo").finishReason("length").model("gpt-4o-2024-08-06"))
            val chunks = chat(openAi.baseUrl, stream).chunks()
            chunks.drop(1).dropLast(1).map { it.delta().text("content") } shouldBe listOf("Hel", "", "lo")
            chunks.last().choice().text("finish_reason") shouldBe "length"
            chunks.last().text("model") shouldBe "gpt-4o-2024-08-06"
        }

        test("cuts a text into the number of deltas asked for, never inside a code point") {
            openAi.enqueue(FakeReply.text("a😀😀b", 4))
            val texts = chat(openAi.baseUrl, stream).chunks().mapNotNull { it.delta().text("content") }
            texts shouldBe listOf("", "a", "😀", "😀", "b")
            texts.flatMap { it.toList() } shouldNotContain '\uFFFD'
        }
    })
