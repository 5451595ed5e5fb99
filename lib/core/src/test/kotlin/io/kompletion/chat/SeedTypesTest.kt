package io.kompletion.chat

import io.kompletion.chat.json.MessageSerializer
import io.kompletion.provider.ProviderId
import io.kompletion.providers.alibaba.AlibabaOptions
import io.kompletion.providers.anthropic.AnthropicOptions
import io.kompletion.providers.anthropic.Thinking
import io.kompletion.providers.openai.OpenAiOptions
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive
import java.time.Duration

private fun parse(text: String): JsonElement = Json.parseToJsonElement(text)

private inline fun <reified M : Message> message(json: String): M = MessageSerializer.read(parse(json)) as M

private val call = ToolCall.of("c1", "weather", """{"city":"Rome"}""")
private val answer = AssistantMessage.of("Hi", listOf(call))
private val finish = FinishReasonChunk(FinishReason.STOP, "stop")

/** A class of the voice client in Python, its fields, and what they are here when they are set or left out. */
private val types: Map<String, List<Pair<Any?, Any?>>> = mapOf(
    "RetryConfiguration" to RetryConfiguration.DEFAULT.run {
        listOf(enabled to true, maxRetries to 3, retryDelay to Duration.ofSeconds(1), backoffMultiplier to 2.0)
    },
    "StreamOptions" to StreamOptions.DEFAULT.run {
        listOf(
            streamSentences to false,
            cleanSentences to true,
            minSentenceLength to 6,
            punctuationMarks to null,
            punctuationLanguage to null,
        )
    },
    "ChatCompletionResponse" to ChatCompletionResponse.fromJson(
        """{"id":"r1","provider":"openai","model":"gpt-5-mini","usage":{"prompt_tokens":3,"completion_tokens":2},
           "choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""",
    ).run {
        listOf(
            message.content to "Hi",
            finishReason to FinishReason.STOP,
            finishReason?.value to "stop",
            usage?.promptTokens to 3L,
            provider to "openai",
            model to "gpt-5-mini",
        )
    },
    "UserMessage" to message<UserMessage>("""{"role":"user","content":"Hi","cache_breakpoint":{"ttl":"5m"}}""").run {
        listOf(content.text to "Hi", cacheBreakpoint to CacheBreakpoint("5m"), UserMessage.of("Hi").cacheBreakpoint to null)
    },
    "SystemMessage" to message<SystemMessage>("""{"role":"system","content":"Hi","cache_breakpoint":{"ttl":"1h"}}""").run {
        listOf(content.text to "Hi", cacheBreakpoint to CacheBreakpoint("1h"), SystemMessage.of("Hi").cacheBreakpoint to null)
    },
    "AssistantMessage" to message<AssistantMessage>(
        """{"role":"assistant","content":"Hi","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":{}}}],
           "cache_breakpoint":{"ttl":"5m"},"thought_signature":"c2ln"}""",
    ).run {
        listOf(
            content to "Hi",
            toolCalls.size to 1,
            cacheBreakpoint to CacheBreakpoint("5m"),
            thoughtSignature to "c2ln",
            AssistantMessage.of(null, listOf(call)).content to null,
            AssistantMessage.of("Hi").toolCalls to emptyList<ToolCall>(),
            AssistantMessage.of("Hi").thoughtSignature to null,
        )
    },
    "ToolResultMessage" to message<ToolResultMessage>(
        """{"role":"tool","tool_call_id":"c1","content":{"degrees":21},"name":"weather","cache_breakpoint":{"ttl":"5m"}}""",
    ).run {
        listOf(
            toolCallId to "c1",
            content.json to parse("""{"degrees":21}"""),
            name to "weather",
            cacheBreakpoint to CacheBreakpoint("5m"),
            ToolResultMessage.of("c1", "x").name to null,
        )
    },
    "ToolDefinition" to ToolDefinition.function("f", "does", "{}", true).withCacheBreakpoint(CacheBreakpoint("1h")).run {
        listOf(type to "function", function?.name to "f", cacheBreakpoint to CacheBreakpoint("1h"))
    },
    "FunctionDefinition" to ToolDefinition.function("f", "does", "{}", true).function.run {
        listOf(
            this?.name to "f",
            this?.description to "does",
            this?.parameters to parse("{}"),
            this?.strict to true,
            ToolDefinition.function("f", "does", "{}").function?.strict to null,
        )
    },
    "ToolCall" to call.run {
        listOf(id to "c1", type to "function", function.name to "weather", index to null, thoughtSignature to null)
    },
    "FunctionCall" to call.function.run {
        listOf(name to "weather", arguments to mapOf("city" to JsonPrimitive("Rome")))
    },
    "AssistantMessageDeltaChunk" to AssistantMessageDeltaChunk("a").run { listOf(type to "content_delta", content to "a") },
    "AssistantMessageSentenceChunk" to AssistantMessageSentenceChunk("A.").run {
        listOf(type to "content_sentence", sentence to "A.")
    },
    "ToolCallChunk" to ToolCallChunk(call).run { listOf(type to "tool_call", toolCall to call) },
    "FinishReasonChunk" to finish.run { listOf(type to "finish_reason", finishReason to FinishReason.STOP) },
    "CompletionsProvider" to listOf("openai", "anthropic", "google", "anthropic_vertex", "alibaba").map { ProviderId.of(it).value to it },
    "CacheBreakpoint" to listOf(CacheBreakpoint.FIVE_MINUTES.ttl to "5m", CacheBreakpoint.ONE_HOUR.ttl to "1h"),
    "OpenAIKwargs" to OpenAiOptions {
        serviceTier = "scale"
        reasoningEffort = "high"
    }.toMap().run { listOf(get("service_tier") to JsonPrimitive("scale"), get("reasoning_effort") to JsonPrimitive("high")) },
    "AnthropicKwargs" to AnthropicOptions { thinking = Thinking.enabled(10_000) }.toMap().run {
        listOf(get("thinking") to parse("""{"type":"enabled","budget_tokens":10000}"""))
    },
    "AlibabaKwargs" to AlibabaOptions {
        baseUrl = AlibabaOptions.SINGAPORE
        enableSearch = true
    }.toMap().run { listOf(get("base_url") to JsonPrimitive(AlibabaOptions.SINGAPORE), get("enable_search") to JsonPrimitive(true)) },
)

/** The types of the voice client in Python that this library's vocabulary has in common with it. */
class SeedTypesTest : FunSpec({
    for ((name, fields) in types) {
        test("$name has its counterpart") { fields.map { it.first } shouldBe fields.map { it.second } }
    }

    test("a request and a fallback have every field") {
        val common = listOf(
            "provider", "api_key", "model", "messages", "temperature", "tools", "tool_choice", "timeout", "max_tokens", "response_schema",
            "retry", "provider_options",
        )
        fun names(type: kotlinx.serialization.descriptors.SerialDescriptor) = (0 until type.elementsCount).map(type::getElementName)
        names(ChatCompletionRequest.generatedSerializer().descriptor) shouldContainAll common + "fallbacks"
        names(FallbackRequest.generatedSerializer().descriptor) shouldContainAll common
    }

    test("what a fallback leaves out is the request's") {
        val request = ChatCompletionRequest.fromJson(
            """{"provider":"openai","api_key":"k","model":"gpt-5","messages":[{"role":"user","content":"Hi"}],"temperature":0.5,
               "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}],
               "tool_choice":"auto","timeout":9,"max_tokens":5,"response_schema":{"type":"object"},"retry":{"max_retries":1},
               "provider_kwargs":{"openai":{"store":true}},"fallbacks":[{"model":"gpt-4o"}]}""",
        )
        val fallback = request.fallbacks.orEmpty().single()
        fallback.over(request) shouldBe request.copy(model = "gpt-4o", apiKey = null, fallbacks = null)
    }
})
