package io.kompletion.providers.alibaba

import io.kompletion.Kompletion
import io.kompletion.chat.AssistantMessageSentenceChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.FinishReason
import io.kompletion.chat.StreamOptions
import io.kompletion.internal.call.DONE
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.flow.toList

private fun delta(delta: String, finish: String = "null") =
    """data: {"choices":[{"delta":$delta,"finish_reason":$finish,"index":0,"logprobs":null}],"object":"chat.completion.chunk",""" +
        """"usage":null,"created":1,"system_fingerprint":null,"model":"qwen3-max","id":"chatcmpl-1"}""" + "\n\n"

private fun call(id: String, function: String) =
    delta("""{"content":null,"tool_calls":[{"index":0,"id":"$id","type":"function","function":$function}]}""")

private fun usage(details: String = "{}") =
    """data: {"choices":[],"object":"chat.completion.chunk","usage":{"prompt_tokens":100,"completion_tokens":9,"total_tokens":109,""" +
        """"completion_tokens_details":{"reasoning_tokens":4},"prompt_tokens_details":$details},"model":"qwen3-max","id":"chatcmpl-1"}""" +
        "\n\n"

private val finish = delta("""{"content":""}""", "\"stop\"")

private fun client(vararg pieces: String): Kompletion = Kompletion {
    environment(mapOf("DASHSCOPE_API_KEY" to "sk-1"))
    transport(FakeTransport { _, _ -> FakeResponse(200, pieces.toList()) })
}

private fun request(model: String = "qwen3-max", more: ChatCompletionRequestBuilder.() -> Unit = {}) =
    ChatCompletionRequest("alibaba/$model") {
        user("Hi")
        more()
    }

class AlibabaAnswerTest : FunSpec({
    test("later pieces of a call have an empty id, and its name again or an empty one") {
        val answer = client(
            call("call_1", """{"name":"weather","arguments":""}"""),
            call("", """{"name":"","arguments":"{\"city\":"}"""),
            call("", """{"name":"weather","arguments":" \"Paris\"}"}"""),
            call("", """{"arguments":null}"""),
            delta("{}", "\"tool_calls\""),
            usage(),
            DONE,
        ).chat(request("qwq-plus"))
        val call = answer.toolCalls.single()
        call.id shouldBe "call_1"
        call.name shouldBe "weather"
        call.function.rawArguments shouldBe """{"city": "Paris"}"""
        answer.finishReason shouldBe FinishReason.TOOL_CALLS
        answer.warnings.shouldBeEmpty()
    }

    test("reasoning stands before the text, and the usage comes in a chunk without choices") {
        val answer = client(
            delta("""{"content":null,"role":"assistant","reasoning_content":""}"""),
            delta("""{"content":null,"reasoning_content":"Let me"}"""),
            delta("""{"content":null,"reasoning_content":" see."}"""),
            delta("""{"content":"42","reasoning_content":null}"""),
            finish,
            usage(),
            DONE,
        ).chat(request("qwq-plus"))
        answer.message.reasoning shouldBe "Let me see."
        answer.content shouldBe "42"
        answer.usage.shouldNotBeNull().reasoningTokens shouldBe 4
        answer.timeToFirstChunk.shouldBeNull()
    }

    test("white space at the start is kept in the text and is in no sentence") {
        val pieces = arrayOf(delta("""{"content":"\n\n"}"""), delta("""{"content":" Hello there. How are you?"}"""), finish, DONE)
        val chunks = client(*pieces)
            .chatStream(request { streamOptions = StreamOptions { streamSentences = true } }).toList()
        chunks.filterIsInstance<AssistantMessageSentenceChunk>().map { it.sentence } shouldBe
            listOf("Hello there.", "How are you?")
        (chunks.last() as FinalResponseChunk).response.content shouldBe "\n\n Hello there. How are you?"
    }

    test("white space before a call does not hide the call") {
        val answer = client(
            delta("""{"content":"\n\n"}"""),
            call("call_1", """{"name":"ping","arguments":"{}"}"""),
            delta("{}", "\"tool_calls\""),
            DONE,
        ).chat(request())
        answer.toolCalls shouldHaveSize 1
    }

    test("what the cache read and wrote is part of the prompt and counted apart") {
        val details = """{"cached_tokens":60,"cache_creation_input_tokens":30,"cache_type":"ephemeral"}"""
        val usage = client(delta("""{"content":"a"}"""), finish, usage(details), DONE).chat(request()).usage
        usage.shouldNotBeNull()
        usage.promptTokens shouldBe 100
        usage.cacheReadTokens shouldBe 60
        usage.cacheWriteTokens shouldBe 30
        usage.uncachedInputTokens shouldBe 10
        usage.completionTokens shouldBe 9
        usage.outputTokens shouldBe 5
    }
})
