package io.kompletion.chat

import io.kompletion.Secret
import io.kompletion.error.InvalidRequestException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.time.Duration

class RequestJsonTest : FunSpec({
    test("a request with every field is written and read without loss") {
        val request = everything()
        val json = request.toJson()
        val read = ChatCompletionRequest.fromJson(json)
        read shouldBe request.copy(apiKey = null, fallbacks = request.fallbacks?.map { it.copy(apiKey = null) })
        Json.parseToJsonElement(read.toJson()) shouldBe Json.parseToJsonElement(json)
    }

    test("the request with every field leaves none out") {
        val descriptor = ChatCompletionRequest.generatedSerializer().descriptor
        val all = (0 until descriptor.elementsCount).map(descriptor::getElementName) - "api_key"
        Json.parseToJsonElement(everything().toJson()).jsonObject.keys.toList() shouldContainExactlyInAnyOrder all
        everything().apiKey.shouldNotBeNull()
    }

    test("the key is never written") {
        val json = ChatCompletionRequest("openai/gpt-5") {
            apiKey = Secret("sk-canary")
            user("Hello")
            fallback(FallbackRequest.builder().model("openai/gpt-4o").apiKey("sk-canary").build())
        }
        json.toJson() shouldNotContain "sk-canary"
        json.toString() shouldNotContain "sk-canary"
        ChatCompletionRequest.fromJson(
            """{"model":"m","messages":[],"api_key":"sk-canary"}""",
        ).apiKey?.reveal() shouldBe
            "sk-canary"
    }

    test("unknown fields of a request go to the body, of other objects stay where they are") {
        val json = """{"model":"m","min_p":0.1,"messages":[{"role":"user","content":[{"type":"text","text":"a","x":1}],"y":2}],
            "tools":[{"type":"function","function":{"name":"f","description":"d","z":3},"defer_loading":true}]}"""
        val request = ChatCompletionRequest.fromJson(json)
        request.extraBody?.get("min_p") shouldBe JsonPrimitive(0.1)
        val user = request.messages.single().shouldBeInstanceOf<UserMessage>()
        user.extra["y"] shouldBe JsonPrimitive(2)
        user.content.parts.single().extra["x"] shouldBe JsonPrimitive(1)
        val tool = request.tools.shouldNotBeNull().single()
        tool.extra["defer_loading"] shouldBe JsonPrimitive(true)
        tool.function?.extra?.get("z") shouldBe JsonPrimitive(3)
        ChatCompletionRequest.fromJson(request.toJson()) shouldBe request
    }

    test("zero is a value and null is absence") {
        val request = ChatCompletionRequest.fromJson(
            """{"model":"m","messages":[],"temperature":0.0,"seed":0,"top_p":null}""",
        )
        request.temperature shouldBe 0.0
        request.seed shouldBe 0
        request.topP.shouldBeNull()
        request.toJson() shouldContain "\"temperature\":0.0"
        request.toJson() shouldNotContain "top_p"
    }

    test("what is no request is refused with the reason") {
        shouldThrow<InvalidRequestException> { ChatCompletionRequest.fromJson("[]") }
        shouldThrow<InvalidRequestException> { ChatCompletionRequest.fromJson("{\"model\":") }
        shouldThrow<InvalidRequestException> {
            ChatCompletionRequest.fromJson("""{"model":"m","messages":[{"role":"wizard","content":"x"}]}""")
        }.message shouldContain "unknown message role \"wizard\""
        shouldThrow<InvalidRequestException> {
            ChatCompletionRequest.fromJson("""{"model":"m","messages":[{"role":"tool","content":"x"}]}""")
        }.message shouldContain "tool_call_id"
    }

    test("the dictionaries of a voice client parse") {
        val request = ChatCompletionRequest.fromJson(
            """{"provider":"openai","api_key":"sk-...","model":"gpt-5-mini",
               "messages":[{"role":"user","content":"Hello"}],
               "provider_kwargs":{"openai":{"service_tier":"flex"},"anthropic":{"thinking":{"type":"disabled"}}},
               "retry":{"enabled":true,"max_retries":5,"retry_delay":0.5,"backoff_multiplier":3.0},
               "fallbacks":[{"provider":"anthropic","api_key":"sk-ant","model":"claude-haiku-4-5"}],
               "tools":[{"type":"function","function":{"name":"lookup_order","description":"Look up an order by ID",
                 "parameters":{"type":"object","properties":{"order_id":{"type":"string"}},"required":["order_id"]}},
                 "cache_breakpoint":{"ttl":"1h"}}],
               "tool_choice":"lookup_order","timeout":2.5}""",
        )
        request.providerOptions?.get("openai")?.get("service_tier") shouldBe JsonPrimitive("flex")
        request.retry shouldBe RetryConfiguration(true, 5, Duration.ofMillis(500), 3.0)
        request.fallbacks?.single()?.provider shouldBe "anthropic"
        request.tools?.single()?.cacheBreakpoint shouldBe CacheBreakpoint.ONE_HOUR
        request.toolChoice shouldBe ToolChoice.Named("lookup_order")
        request.timeout shouldBe Duration.ofMillis(2500)
    }

    test("the dictionaries of other clients parse") {
        val request = ChatCompletionRequest.fromJson(
            """{"model":"anthropic/claude-3-opus","num_retries":2,"api_base":"https://proxy.example/v1","fallbacks":["openai/gpt-4o"],
               "stop":"END","stream":true,"tool_choice":{"type":"tool","name":"get_weather"},
               "messages":[{"role":"system","content":[{"type":"text","text":"Long","cache_control":{"type":"ephemeral"}}]},
                 {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
                   {"type":"image_url","image_url":"data:application/pdf;base64,AAAA"},
                   {"type":"document","data":"AAAA","media_type":"application/pdf"},
                   {"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]},
                 {"role":"assistant","content":null,
                   "tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},
                 {"role":"tool","tool_call_id":"c","name":"f","content":{"ok":true}}]}""",
        )
        request.retry?.maxRetries shouldBe 2
        request.baseUrl shouldBe "https://proxy.example/v1"
        request.fallbacks?.single()?.model shouldBe "openai/gpt-4o"
        request.stop shouldBe listOf("END")
        request.toolChoice shouldBe ToolChoice.Named("get_weather")
        (request.messages[0] as SystemMessage).content.parts.single().cacheBreakpoint shouldBe CacheBreakpoint(null)
        val parts = (request.messages[1] as UserMessage).content.parts
        (parts[0] as ImagePart).media.mediaType shouldBe "image/png"
        (parts[1] as ImagePart).media.mediaType shouldBe "application/pdf"
        (parts[2] as DocumentPart).media.mediaType shouldBe "application/pdf"
        (parts[3] as AudioPart).format shouldBe "wav"
        (request.messages[2] as AssistantMessage).toolCalls.single().function.arguments["a"] shouldBe JsonPrimitive(1)
        (request.messages[3] as ToolResultMessage).content.text shouldBe """{"ok":true}"""
        request.extraBody.shouldBeNull()
    }

    test("a fallback that says the shape of the answer anew says it alone") {
        val base = ChatCompletionRequest("m") {
            user("Hi")
            responseSchema("{}")
        }
        val json = FallbackRequest("n") { responseFormat = ResponseFormat.JSON_OBJECT }.over(base)
        json.responseFormat shouldBe ResponseFormat.JSON_OBJECT
        json.responseSchema.shouldBeNull()
        val schema = FallbackRequest("o") { responseSchema("{}") }.over(json)
        schema.responseFormat.shouldBeNull()
        schema.responseSchema shouldBe base.responseSchema
    }

    test("a fallback overrides with zero and inherits with null") {
        val base = ChatCompletionRequest("openai/gpt-5") {
            user("Hello")
            temperature = 0.7
            maxTokens = 100
        }
        val merged = FallbackRequest("openai/gpt-4o") { temperature = 0.0 }.over(base)
        merged.temperature shouldBe 0.0
        merged.maxTokens shouldBe 100
        merged.model shouldBe "openai/gpt-4o"
    }

    test("toBuilder gives the same request again") {
        everything().toBuilder().build() shouldBe everything()
    }
})

internal fun everything(): ChatCompletionRequest = ChatCompletionRequest("gpt-4o") {
    provider = "openai"
    apiKey = Secret("sk-test")
    baseUrl = "https://example.com/v1"
    system("Be brief.")
    developer("Really.")
    user("Hello")
    user(
        TextPart.of("Look", CacheBreakpoint.ONE_HOUR),
        ImagePart.of(Media.url("https://example.com/a.png"), "low"),
        DocumentPart.of(Media.base64("application/pdf", "AAAA"), "Paper"),
        AudioPart.of("AAAA", "wav"),
        VideoPart.of(Media.url("https://example.com/a.mp4")),
        FilePart.of(Media.file("file-1")),
        UnknownPart.of(Json.parseToJsonElement("""{"type":"hologram","data":[1,2]}""")),
    )
    message(
        AssistantMessage.of(
            listOf(
                ReasoningPart.of("Hm.", "sig"),
                TextPart(
                    "I call",
                    thoughtSignature = "c2ln",
                    citations = listOf(Citation.of("https://example.com", "E")),
                ),
                ToolCallPart.of(ToolCall.of("call_1", "look", """{"a":1}""")),
                TextPart.of("and more"),
                RedactedReasoningPart.of("xxxx"),
            ),
        ),
    )
    message(ToolResultMessage.of("call_1", MessageContent.json("""{"found":[1]}"""), "look"))
    message(FunctionMessage.of("old", "result"))
    temperature = 0.0
    topP = 1.0
    topK = 40
    n = 2
    stop("a", "b")
    maxTokens = 10
    maxCompletionTokens = 20
    presencePenalty = -1.0
    frequencyPenalty = 1.5
    logitBias("42", -100.0)
    logprobs = true
    topLogprobs = 3
    endUser = "u1"
    tool(ToolDefinition.function("look", "Looks", """{"type":"object","properties":{}}""", true))
    tool(ToolDefinition.custom("free", "Takes text"))
    tool(ToolDefinition.hosted("web_search", mapOf("max_uses" to JsonPrimitive(2))))
    toolChoice = ToolChoice.REQUIRED
    parallelToolCalls = false
    responseFormat = ResponseFormat.jsonSchema("answer", """{"type":"object"}""")
    responseSchema("""{"type":"object"}""")
    seed = 7
    reasoningEffort = "low"
    verbosity = "high"
    modalities = listOf("text", "audio")
    audio = AudioOptions.of("alloy", "wav")
    prediction("likely")
    serviceTier = "flex"
    metadata("k", "v")
    store = true
    safetyIdentifier = "s"
    promptCacheKey = "p"
    promptCacheRetention = "24h"
    webSearchOptions = Json.parseToJsonElement("{}")
    cacheBreakpoint = CacheBreakpoint.FIVE_MINUTES
    timeout = Duration.ofMillis(1500)
    retry = RetryConfiguration.NONE
    dropParams = false
    fallback("openai/gpt-4o-mini")
    providerOptions("openai", """{"x":1}""")
    streamOptions = StreamOptions { includeUsage = false }
    stream = true
    extraHeader("X-A", "b")
    extraBody("c", JsonPrimitive("d"))
    tenant = "acme"
    conversationId = "c-1"
    responseCache = ResponseCacheControl {
        read = false
        ttl = Duration.ofMillis(2500)
    }
}
