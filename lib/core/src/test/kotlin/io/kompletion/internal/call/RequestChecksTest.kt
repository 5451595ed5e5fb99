package io.kompletion.internal.call

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AudioPart
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.ToolResultMessage
import io.kompletion.error.InvalidRequestException
import io.kotest.assertions.throwables.shouldNotThrowAny
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration

private class Case(
    val name: String,
    val place: String,
    val words: String,
    val build: ChatCompletionRequestBuilder.() -> Unit,
)

private fun tool(name: String, schema: String = """{"type":"object"}""") = ToolDefinition.function(name, "d", schema)

private fun calls(vararg ids: String) = AssistantMessage.of("", ids.map { ToolCall.of(it, "f", "{}") })

private val cases = listOf(
    Case("no messages", "messages", "messages is empty") {},
    Case("only instructions", "messages", "only instructions") { system("Be brief.") },
    Case("a lone surrogate", "messages[0].content", "unpaired surrogate at index 4") { user("cut \uD83D") },
    Case("a lone surrogate in a part", "messages[0].content[0]", "unpaired surrogate at index 0") {
        user(TextPart.of("\uDE00x"))
    },
    Case("a result without a call", "messages[1].tool_call_id", "matches no open tool call") {
        user("Hi")
        toolResult("nobody", "x")
    },
    Case("a call without a result", "messages[1]", "has no result; add a ToolResultMessage") {
        user("Hi")
        message(calls("a"))
        user("and?")
    },
    Case("a call without a result at the end", "messages[1]", "\"b\" that has no result") {
        user("Hi")
        message(calls("a", "b"))
        message(ToolResultMessage.of("a", "1"))
    },
    Case("a repeated call id", "messages[1].tool_calls[1].id", "repeats \"a\"") {
        user("Hi")
        message(calls("a", "a"))
    },
    Case("two tools of one name", "tools[1].name", "repeats \"f\" of tools[0]") {
        user("Hi")
        tool(tool("f"))
        tool(tool("f"))
    },
    Case("a tool name with spaces", "tools[0].name", "did you mean \"my_tool\"") {
        user("Hi")
        tool(tool("my tool!"))
    },
    Case("a long tool name", "tools[0].name", "1 to 64") {
        user("Hi")
        tool(tool("x".repeat(65)))
    },
    Case(
        "parameters that are no object schema",
        "tools[0].parameters",
        "the root type must be \"object\", got \"array\"",
    ) {
        user("Hi")
        tool(tool("f", """{"type":"array"}"""))
    },
    Case("parameters that are no schema", "tools[0].parameters", "must be a JSON object, got an array") {
        user("Hi")
        tool(tool("f", "[]"))
    },
    Case("a schema without a bottom", "tools[0].parameters", "more than 100 levels") {
        user("Hi")
        tool(tool("f", """{"type":"object","properties":""" + "{\"a\":".repeat(120) + "1" + "}".repeat(120) + "}"))
    },
    Case("a choice of no tool", "tool_choice", "\"g\" is not among the tools [f]") {
        user("Hi")
        tool(tool("f"))
        toolChoice = ToolChoice.named("g")
    },
    Case("a required choice without tools", "tool_choice", "there are no tools") {
        user("Hi")
        toolChoice = ToolChoice.REQUIRED
    },
    Case("temperature NaN", "temperature", "must be in 0..2, got NaN") {
        user("Hi")
        temperature = Double.NaN
    },
    Case("temperature 3", "temperature", "must be in 0..2, got 3.0") {
        user("Hi")
        temperature = 3.0
    },
    Case("temperature below zero", "temperature", "got -1.0") {
        user("Hi")
        temperature = -1.0
    },
    Case("an infinite top_p", "top_p", "must be in 0..1") {
        user("Hi")
        topP = Double.POSITIVE_INFINITY
    },
    Case("a penalty of 5", "presence_penalty", "-2..2") {
        user("Hi")
        presencePenalty = 5.0
    },
    Case("no tokens to answer", "max_tokens", "at least 1, got 0") {
        user("Hi")
        maxTokens = 0
    },
    Case("n of 0", "n", "1..128, got 0") {
        user("Hi")
        n = 0
    },
    Case("n of 1000", "n", "1..128, got 1000") {
        user("Hi")
        n = 1000
    },
    Case("an empty stop text", "stop[1]", "stop[1] is empty") {
        user("Hi")
        stop("a", "")
    },
    Case("an unknown effort", "reasoning_effort", "\"ultra\" is not one of none, minimal, low, medium, high") {
        user("Hi")
        reasoningEffort = "ultra"
    },
    Case("log probabilities of alternatives alone", "top_logprobs", "needs logprobs = true") {
        user("Hi")
        topLogprobs = 3
    },
    Case("five cache breakpoints", "messages[4]", "5 cache breakpoints, at most 4") {
        repeat(5) { message(io.kompletion.chat.UserMessage("m$it", CacheBreakpoint.FIVE_MINUTES)) }
    },
    Case("an hour after five minutes", "messages[1]", "1h must stand before those for 5m") {
        message(SystemMessage("s", CacheBreakpoint.FIVE_MINUTES))
        message(io.kompletion.chat.UserMessage("u", CacheBreakpoint.ONE_HOUR))
    },
    Case(
        "a cache breakpoint of a day",
        "messages[0].content[0].cache_breakpoint",
        "must be \"5m\" or \"1h\", got \"24h\"",
    ) {
        user(TextPart.of("x", CacheBreakpoint("24h")))
    },
    Case("an image that is no base64", "messages[0].content[0]", "not base64 at index 3") {
        user(ImagePart.of(Media.base64("image/png", "AAA!")))
    },
    Case("an image of no bytes", "messages[0].content[0]", "has no bytes") {
        user(ImagePart.of(Media.base64("image/png", "")))
    },
    Case("a file address", "messages[0].content[0]", "scheme \"file\" is not allowed") {
        user(ImagePart.of(Media.url("file:///etc/passwd")))
    },
    Case("an address without a scheme", "messages[0].content[0]", "scheme \"\" is not allowed") {
        user(ImagePart.of(Media.url("//example.com/a.png")))
    },
    Case("sound that is no base64", "messages[0].content[0]", "not base64 at index 0") {
        user(AudioPart.of("§", "wav"))
    },
    Case("two ways to say the format", "response_schema", "set one of them") {
        user("Hi")
        responseFormat = ResponseFormat.JSON_OBJECT
        responseSchema("{}")
    },
    Case("a schema that is text", "response_schema", "must be a JSON object, got a string") {
        user("Hi")
        responseSchema("\"x\"")
    },
    Case("a schema without a name", "response_format.name", "1 to 64") {
        user("Hi")
        responseFormat = ResponseFormat.jsonSchema("", "{}")
    },
    Case("no time at all", "timeout", "timeout must be positive, got PT0S") {
        user("Hi")
        timeout = Duration.ZERO
    },
    Case("a number that JSON does not have", "extra_body.x", "contains NaN, which is no JSON") {
        user("Hi")
        extraBody("x", kotlinx.serialization.json.buildJsonObject { put("y", kotlinx.serialization.json.JsonPrimitive(Double.NaN)) })
    },
    Case("options without a bottom", "provider_options.openai.a", "more than 100 levels") {
        user("Hi")
        providerOptions("openai", "{\"a\":" + "[".repeat(120) + "]".repeat(120) + "}")
    },
    Case("too many notes", "metadata", "more than 16") {
        user("Hi")
        repeat(17) { metadata("k$it", "v") }
    },
)

class RequestChecksTest : FunSpec({
    context("what cannot work is refused, with place and reason") {
        for (case in cases) {
            test(case.name) {
                val request = ChatCompletionRequest("openai/gpt-5", case.build)
                val failure = shouldThrow<InvalidRequestException> { RequestChecks.check(request) }
                failure.message.orEmpty() shouldContain case.words
                failure.details.param shouldBe case.place
            }
        }
    }

    test("long values are clipped and control characters shown in messages") {
        val failure = shouldThrow<InvalidRequestException> {
            RequestChecks.check(
                ChatCompletionRequest("m") {
                    user("Hi")
                    reasoningEffort =
                        "\u001b[31m" + "x".repeat(10_000)
                },
            )
        }
        failure.message.orEmpty() shouldContain "\\u001b"
        (failure.message.orEmpty().length < 400) shouldBe true
    }

    test("JSON given as text that is none is refused where it is given, without showing it") {
        val broken = "{\"secret\": sk-canary"
        for (give in listOf<() -> Unit>(
            { ToolDefinition.function("f", "d", broken) },
            { ResponseFormat.jsonSchema("r", broken) },
            { io.kompletion.chat.MessageContent.json(broken) },
            { ChatCompletionRequest("m") { responseSchema(broken) } },
            { ChatCompletionRequest("m") { extraBody(broken) } },
            { ChatCompletionRequest("m") { providerOptions("openai", broken) } },
        )) {
            val failure = shouldThrow<InvalidRequestException> { give() }
            failure.message.orEmpty() shouldContain "is no JSON"
            failure.message.orEmpty().contains("canary") shouldBe false
        }
        shouldThrow<InvalidRequestException> { ChatCompletionRequest("m") { extraBody("[]") } }
            .message shouldBe "extra_body must be a JSON object"
    }

    test("a request with everything in order passes") {
        shouldNotThrowAny {
            RequestChecks.check(
                ChatCompletionRequest("m") {
                    message(SystemMessage("s", CacheBreakpoint.ONE_HOUR))
                    user("Weather? 🎉")
                    message(calls("a", "b"))
                    message(ToolResultMessage.of("b", "2"))
                    message(ToolResultMessage.of("a", "1"))
                    tool(tool("f").withCacheBreakpoint(CacheBreakpoint.ONE_HOUR))
                    toolChoice = ToolChoice.named("f")
                    temperature = 0.0
                },
            )
        }
    }
})
