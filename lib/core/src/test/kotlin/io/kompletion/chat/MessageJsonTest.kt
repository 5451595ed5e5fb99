package io.kompletion.chat

import io.kompletion.chat.json.MessageSerializer
import io.kompletion.chat.json.ModelJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.Json

class MessageJsonTest : FunSpec({
    context("messages are written as they were read") {
        for (json in listOf(
            """{"role":"system","content":"Be brief."}""",
            """{"role":"user","content":"Hi","name":"Ann"}""",
            """{"role":"user","content":[{"type":"text","text":"Hi"}]}""",
            """{"role":"assistant","content":"Hi"}""",
            """{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":{"a":1.0}}}]}""",
            """{"role":"assistant","content":"Sorry","reasoning":"Hm.","refusal":"No."}""",
            """{"role":"assistant","content":"x","thought_signature":"c2ln"}""",
            """{"role":"tool","tool_call_id":"c","content":{"a":[1,2]},"is_error":true}""",
            """{"role":"tool","tool_call_id":"c","content":"plain","name":"f","cache_breakpoint":{"ttl":"5m"}}""",
            """{"role":"function","content":"r","name":"f"}""",
            """{"role":"developer","content":"d","unknown":{"deep":[null,1]}}""",
        )) {
            test(json.take(60)) {
                val read = MessageSerializer.read(Json.parseToJsonElement(json))
                MessageSerializer.write(read) shouldBe Json.parseToJsonElement(json)
            }
        }
    }

    test("parts that the views cannot rebuild are written beside them and are the truth when read") {
        val message = AssistantMessage.of(
            listOf(
                TextPart.of("one"),
                ToolCallPart.of(ToolCall.of("a", "f", "{}")),
                TextPart.of("two"),
                ReasoningPart("why", "sig", "anthropic", "claude", emptyMap()),
            ),
        )
        val json = ModelJson.encodeToString(Message.serializer(), message)
        ModelJson.decodeFromString(Message.serializer(), json) shouldBe message
        message.content shouldBe "onetwo"
        message.reasoning shouldBe "why"
    }

    test("plain messages are written without the list of parts") {
        ModelJson.encodeToString(Message.serializer(), AssistantMessage.of("Hi")) shouldNotContain "parts"
    }

    test("arguments are read from text and from an object, and cut-off ones survive as text") {
        fun call(arguments: String) = ModelJson.decodeFromString(
            ToolCall.serializer(),
            """{"id":"c","function":{"name":"f","arguments":$arguments}}""",
        )
        call("""{"a":1}""").function.rawArguments shouldBe """{"a":1}"""
        call(""""{\"a\":1}"""").function.arguments.keys shouldBe setOf("a")
        val cut = call(""""{\"a\":"""")
        ModelJson.decodeFromString(ToolCall.serializer(), ModelJson.encodeToString(ToolCall.serializer(), cut)) shouldBe
            cut
    }

    test("chunks of every kind survive their JSON form, those of later versions too") {
        val response = ChatCompletionResponse(
            id = "r",
            provider = "openai",
            model = "m",
            choices = listOf(Choice(0, AssistantMessage.of("Hi"), FinishReason.STOP, "stop")),
            usage = Usage(3, 2, cacheReadTokens = 1),
        )
        val chunks = listOf(
            AssistantMessageDeltaChunk("Hi"),
            AssistantMessageSentenceChunk("Hi.", 1),
            ReasoningDeltaChunk("Hm."),
            RefusalDeltaChunk("No."),
            ToolCallDeltaChunk(0, "c", "f", "{"),
            ToolCallChunk(ToolCall.of("c", "f", "{}")),
            ContentPartChunk(ImagePart.of(Media.url("https://example.com/a.png"))),
            InterruptionChunk(true, "the connection was reset", "openai", "m"),
            FinishReasonChunk(FinishReason.of("whatever"), "odd"),
            UsageChunk(Usage(10, 5, reasoningTokens = 2)),
            FinalResponseChunk(response),
        )
        for (chunk in chunks) chunkFromJson(chunk.toJson()) shouldBe chunk
        chunks.map { it::class }.toSet() + UnknownChunk::class shouldBe ChatCompletionChunk::class.sealedSubclasses.toSet()
        val later = """{"type":"smell","intensity":3}"""
        val unknown = chunkFromJson(later)
        unknown.type shouldBe "smell"
        unknown.toJson() shouldBe later
    }

    test("buckets of usage sum to the totals, whatever a server claims") {
        val usage = Usage.ofTotals(
            prompt = 10,
            completion = 5,
            cacheRead = 8,
            cacheWrite = 8,
            audioInput = 3,
            reasoning = 9,
        )
        usage.promptTokens shouldBe 10
        usage.completionTokens shouldBe 5
        usage.cacheReadTokens shouldBe 8
        usage.cacheWriteTokens shouldBe 2
        usage.audioInputTokens shouldBe 0
        usage.reasoningTokens shouldBe 5
        usage.outputTokens shouldBe 0
    }
})
