package io.kompletion.testkit.chat

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.TextPart
import io.kompletion.error.InvalidRequestException
import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.FakeReply
import kotlinx.coroutines.flow.last

/** What can be asked of a provider; each is really sent to a fake of its wire. */
internal enum class Feature(val title: String) {
    CHAT("chat"),
    STREAM("stream"),
    TOOLS("tools"),
    STRUCTURED("structured output"),
    VISION("vision"),
    CACHE("cache marks"),
    REASONING("reasoning"),
}

/** What came of it. */
internal enum class Finding(val sign: String) {
    /** It reached the server, and the answer came back. */
    WORKS("yes"),

    /** It was left out, and the response says so. */
    DROPPED("left out"),

    /** The call was refused before anything was sent. */
    REFUSED("refused"),
}

/**
 * One provider with the models that are asked.
 *
 * @property thinker a model that can be told how hard to think
 */
internal class FeatureSubject(
    val id: String,
    val model: String,
    val thinker: String = model,
    val settings: KompletionBuilder.() -> Unit = {},
    val start: () -> FakeChatProvider,
) {
    suspend fun findings(): Map<Feature, Finding> = start().use { fake ->
        Kompletion {
            environment(emptyMap())
            retry { enabled = false }
            provider(id) { apiKey("key").baseUrl(fake.baseUrl) }
            settings()
        }.use { llm -> Feature.entries.associateWith { Probe(llm, fake).run(it) } }
    }

    private inner class Probe(private val llm: Kompletion, private val fake: FakeChatProvider) {
        suspend fun run(feature: Feature): Finding = when (feature) {
            Feature.CHAT -> answered(ask { })
            Feature.STREAM -> answered(stream())
            Feature.TOOLS -> tools()
            Feature.STRUCTURED -> sent("\"city\"", "response_") { responseSchema(SCHEMA) }
            Feature.VISION -> sent(PIXEL, "messages") { user(TextPart.of("What is it?"), ImagePart.of(Media.base64("image/png", PIXEL))) }
            Feature.CACHE -> differs("cache") { user(TextPart.of("Long ago", CacheBreakpoint.FIVE_MINUTES)) }
            Feature.REASONING -> differs("reasoning", thinker) { reasoningEffort = "low" }
        }

        private suspend fun tools(): Finding {
            fake.enqueue(FakeReply.toolCall("look", "{\"a\":1}"))
            val first = request(model) { tool("look", "Looks", """{"type":"object","properties":{"a":{"type":"integer"}}}""") }
            val call = llm.chat(first)
            if ("look" !in fake.lastRequest.bodyText) {
                check(call.warnings.any { it.parameter == "tools" }) { "$id: the tools were neither sent nor warned of" }
                return Finding.DROPPED
            }
            check(call.toolCalls.single().name == "look") { "$id: no tool call in $call" }
            val next = first.toBuilder().message(call.message).toolResult(call.toolCalls.single().id, "seen").build()
            fake.enqueue(FakeReply.text(OK))
            return answered(llm.chat(next)).also { check(fake.lastRequest.toolResults.single().content == "seen") { "$id: no result sent" } }
        }

        private suspend fun stream(): ChatCompletionResponse {
            fake.enqueue(FakeReply.text(OK))
            return (llm.chatStream(request(model) {}).last() as FinalResponseChunk).response
        }

        /** Whether [mark] is in the body. */
        private suspend fun sent(mark: String, parameter: String, ask: ChatCompletionRequestBuilder.() -> Unit): Finding =
            found(parameter, model, ask) { fake.lastRequest.bodyText.replace("\\\"", "\"").contains(mark) }

        /** Whether the body is another one than without it. */
        private suspend fun differs(
            parameter: String,
            model: String = this@FeatureSubject.model,
            ask: ChatCompletionRequestBuilder.() -> Unit,
        ): Finding {
            ask(model) { if (parameter == "cache") user(TextPart.of("Long ago")) }
            val plain = fake.lastRequest.bodyText
            return found(parameter, model, ask) { fake.lastRequest.bodyText != plain }
        }

        private suspend fun found(
            parameter: String,
            model: String,
            ask: ChatCompletionRequestBuilder.() -> Unit,
            isSent: () -> Boolean,
        ): Finding {
            val response = try {
                ask(model, ask)
            } catch (_: InvalidRequestException) {
                return Finding.REFUSED
            }
            val told = response.warnings.any { parameter in it.parameter }
            return when {
                isSent() -> answered(response)
                told -> Finding.DROPPED
                else -> error("$id/$model: $parameter was neither sent nor warned of: ${fake.lastRequest.bodyText} ${response.warnings}")
            }
        }

        private suspend fun ask(model: String = this@FeatureSubject.model, build: ChatCompletionRequestBuilder.() -> Unit): ChatCompletionResponse {
            fake.enqueue(FakeReply.text(OK))
            return llm.chat(request(model, build))
        }

        private fun answered(response: ChatCompletionResponse): Finding {
            check(response.content == OK) { "$id: answered ${response.content}" }
            return Finding.WORKS
        }

        private fun request(model: String, more: ChatCompletionRequestBuilder.() -> Unit) =
            ChatCompletionRequest("$id/$model") {
                user("Hello")
                more()
            }
    }

    private companion object {
        const val OK = "{\"city\":\"Rome\"}"
        const val SCHEMA = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""
        const val PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    }
}
