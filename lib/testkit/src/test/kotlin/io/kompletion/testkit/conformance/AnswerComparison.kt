package io.kompletion.testkit.conformance

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.AudioPart
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.ContentPart
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.ImagePart
import io.kompletion.chat.ReasoningDeltaChunk
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RedactedReasoningPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallChunk
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.UnknownPart
import io.kompletion.chat.Usage
import io.kompletion.chat.VideoPart
import io.kompletion.testkit.internal.array
import io.kompletion.testkit.internal.int
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.longOrNull

/**
 * Where an answer differs from the reading of its exchange. Three rules bridge the vocabularies:
 * - a tool call that never names a tool is read as a call with the name "", and dropped with a warning here;
 * - an empty finish reason is none;
 * - a call that Bedrock answers itself is a part of the answer and no call for the caller.
 */
internal class AnswerComparison(private val exchange: Exchange) {
    private val expected = exchange.expected
    private val found = ArrayList<String>()

    fun differences(outcome: Outcome): List<String> {
        val response = outcome.response ?: return listOf("expected an answer, got ${described(outcome.failure)}")
        texts(response)
        tools(response)
        check("finish_reason", exchange.finishReason, response.nativeFinishReason)
        (expected["usage"] as? JsonObject)?.let { usage(it, response.usage) }
        if (expected["usage"] is JsonNull) check("usage", null, response.usage?.raw)
        head(response)
        check("choices", exchange.choices, response.choices.size)
        parts(response)
        if (exchange.isStreaming) chunks(outcome, response)
        return found
    }

    private fun texts(response: ChatCompletionResponse) {
        check("text", expected.text("text").orEmpty(), response.content.orEmpty())
        check("reasoning", expected.text("reasoning").orEmpty(), response.message.reasoning.orEmpty())
        if ("refusal" in expected) {
            check("refusal", expected.text("refusal").orEmpty(), response.message.refusal.orEmpty())
        }
    }

    private fun tools(response: ChatCompletionResponse) {
        val hosted = response.message.parts.filterIsInstance<UnknownPart>().mapNotNull(::hostedCall)
        val all = expected.objects("tool_calls").filterNot { exchange.isBedrock && it.text("id") in hosted }
        val real = all.filter { it.text("name").orEmpty().isNotEmpty() }
        check("tool_calls", real.map { it.text("name") }, response.toolCalls.map { it.name })
        if (all.size > real.size && response.warnings.none { "tool_calls" in it.parameter }) {
            found += "tool_calls: a call without a name went without a warning"
        }
        real.zip(response.toolCalls).forEachIndexed { index, (wanted, got) -> tool("tool_calls[$index]", wanted, got) }
    }

    /** The id of a call that Bedrock answers itself; the recorded reading counts it among those for the caller. */
    private fun hostedCall(part: UnknownPart): String? = (part.raw as? JsonObject)?.obj("toolUse")?.text("toolUseId")

    private fun tool(place: String, wanted: JsonObject, got: ToolCall) {
        val custom = wanted.text("custom_input")
        if (custom != null) {
            check("$place.input", custom, got.function.rawArguments)
        } else {
            check("$place.arguments", wanted["arguments"], parsed(got.function.rawArguments))
        }
        wanted.text("id")?.ifEmpty { null }?.let { check("$place.id", it, got.id) }
        if (got.id.isEmpty()) found += "$place.id: empty"
    }

    private fun usage(wanted: JsonObject, got: Usage?) {
        check("usage", wanted, got?.raw?.let(::JsonObject))
        if (got == null) return
        if (exchange.isAnthropic) return anthropicUsage(wanted, got)
        if (exchange.isGemini) return geminiUsage(wanted, got)
        if (exchange.isBedrock) return bedrockUsage(wanted, got)
        if (exchange.isCohere) return cohereUsage(wanted, got)
        if (exchange.isOllama) return ollamaUsage(wanted, got)
        val prompt = wanted.long("prompt_tokens") ?: 0
        val completion = wanted.long("completion_tokens") ?: 0
        // Some servers count reasoning apart from the completion; their total tells.
        val apart = ((wanted.long("total_tokens") ?: 0) - prompt - completion).coerceAtLeast(0)
        check("usage.promptTokens", prompt, got.promptTokens)
        check("usage.completionTokens", completion + apart, got.completionTokens)
        check("usage.totalTokens", prompt + completion + apart, got.totalTokens)
    }

    /** What the cache read and wrote stands beside the input. */
    private fun anthropicUsage(wanted: JsonObject, got: Usage) {
        val read = wanted.long("cache_read_input_tokens") ?: 0
        val written = wanted.long("cache_creation_input_tokens") ?: 0
        check("usage.promptTokens", (wanted.long("input_tokens") ?: 0) + read + written, got.promptTokens)
        check("usage.cacheReadTokens", read, got.cacheReadTokens)
        check("usage.cacheWriteTokens", written, got.cacheWriteTokens + got.cacheWriteOneHourTokens)
        check("usage.completionTokens", wanted.long("output_tokens") ?: 0L, got.completionTokens)
    }

    /** What the cache read and wrote stands beside the input. */
    private fun bedrockUsage(wanted: JsonObject, got: Usage) {
        val read = wanted.long("cacheReadInputTokens") ?: 0
        val written = wanted.long("cacheWriteInputTokens") ?: 0
        check("usage.promptTokens", (wanted.long("inputTokens") ?: 0) + read + written, got.promptTokens)
        check("usage.cacheReadTokens", read, got.cacheReadTokens)
        check("usage.cacheWriteTokens", written, got.cacheWriteTokens + got.cacheWriteOneHourTokens)
        check("usage.completionTokens", wanted.long("outputTokens") ?: 0L, got.completionTokens)
        check("usage.totalTokens", wanted.long("totalTokens"), got.totalTokens)
    }

    /** What is billed, not what the model read with Cohere's own words. */
    private fun cohereUsage(wanted: JsonObject, got: Usage) {
        val billed = wanted.obj("billed_units") ?: return
        check("usage.promptTokens", billed.long("input_tokens"), got.promptTokens)
        check("usage.completionTokens", billed.long("output_tokens"), got.completionTokens)
    }

    private fun ollamaUsage(wanted: JsonObject, got: Usage) {
        check("usage.promptTokens", wanted.long("prompt_eval_count") ?: 0L, got.promptTokens)
        check("usage.completionTokens", wanted.long("eval_count") ?: 0L, got.completionTokens)
    }

    /** Thoughts stand beside the candidates, and what Google's tools read beside the prompt. */
    private fun geminiUsage(wanted: JsonObject, got: Usage) {
        val read = (wanted.long("promptTokenCount") ?: 0) + (wanted.long("toolUsePromptTokenCount") ?: 0)
        val written = (wanted.long("candidatesTokenCount") ?: 0) + (wanted.long("thoughtsTokenCount") ?: 0)
        check("usage.promptTokens", read, got.promptTokens)
        check("usage.completionTokens", written, got.completionTokens)
        check("usage.cacheReadTokens", wanted.long("cachedContentTokenCount") ?: 0L, got.cacheReadTokens)
        check("usage.reasoningTokens", wanted.long("thoughtsTokenCount") ?: 0L, got.reasoningTokens)
        check("usage.totalTokens", read + written, got.totalTokens)
    }

    private fun head(response: ChatCompletionResponse) {
        expected.text("model")?.let { check("model", it, response.model) }
        expected.text("id")?.let { check("id", it, response.id) }
    }

    private fun parts(response: ChatCompletionResponse) {
        val citations = expected.array("annotations")?.size ?: expected.int("annotations")
        if (citations != null) check("annotations", citations, response.message.citations.size)
        if (exchange.isAnthropic) blocks(response)
        if (exchange.isCohere) cohereParts(response.message)
        if (exchange.isGemini) geminiParts(response.message)
    }

    /** Sources, and what the model planned before it called tools. */
    private fun cohereParts(message: AssistantMessage) {
        check("citations", expected.int("citations") ?: 0, message.citations.size)
        val plan = (message.extra["tool_plan"] as? JsonPrimitive)?.content
        check("tool_plan", expected.text("tool_plan").orEmpty(), plan.orEmpty())
    }

    /** Signatures, files and the calls of Google's own tools. */
    private fun geminiParts(message: AssistantMessage) {
        val parts = message.parts
        expected.int("signatures")?.let { check("signatures", it, parts.count(::isSigned)) }
        expected.int("inline_data_parts")?.let { wanted ->
            check("inline_data", wanted, parts.count { it is ImagePart || it is AudioPart || it is VideoPart })
        }
        val wanted = expected.objects("provider_tool_calls").map { it.text("type") }
        check("provider_tool_calls", wanted, parts.filterIsInstance<UnknownPart>().map { it.type })
        expected.text("finish_message")?.let {
            check("finish_message", JsonPrimitive(it), message.extra["finishMessage"])
        }
    }

    private fun isSigned(part: ContentPart): Boolean = when (part) {
        is TextPart -> part.thoughtSignature != null
        is ReasoningPart -> part.signature != null
        is ToolCallPart -> part.toolCall.thoughtSignature != null
        is UnknownPart -> (part.raw as? JsonObject)?.text("thoughtSignature") != null
        else -> "thoughtSignature" in part.extra
    }

    /** Blocks of Anthropic's that have their reading: sources, signatures, hidden thinking and calls of server tools. */
    private fun blocks(response: ChatCompletionResponse) {
        val parts = response.message.parts
        expected.array("citations")?.let { check("citations", it.size, response.message.citations.size) }
        expected.array("signature_lengths")?.let { wanted ->
            val lengths = parts.filterIsInstance<ReasoningPart>().mapNotNull { it.signature?.length }
            check("signature_lengths", wanted.map { it.toString().toInt() }.filter { it > 0 }, lengths)
        }
        expected.int("redacted_thinking_blocks")?.let { wanted ->
            check("redacted_thinking", wanted, parts.count { it is RedactedReasoningPart })
        }
        if (expected.array("provider_tool_calls") != null) {
            val wanted = expected.objects("provider_tool_calls").map { it.text("type") }
            check("provider_tool_calls", wanted, parts.filterIsInstance<UnknownPart>().map { it.type })
        }
    }

    private fun chunks(outcome: Outcome, response: ChatCompletionResponse) {
        val chunks = outcome.chunks
        val text = chunks.filterIsInstance<AssistantMessageDeltaChunk>().filter { it.choiceIndex == 0 }
        check("text of the chunks", response.content.orEmpty(), text.joinToString("") { it.content })
        val reasoning = chunks.filterIsInstance<ReasoningDeltaChunk>().filter { it.choiceIndex == 0 }
        check(
            "reasoning of the chunks",
            response.message.reasoning.orEmpty(),
            reasoning.joinToString("") { it.reasoning },
        )
        val calls = chunks.filterIsInstance<ToolCallChunk>().map { it.toolCall }
        check("calls of the chunks", response.choices.flatMap { it.message.toolCalls }, calls)
        check("response chunks", 1, chunks.count { it is FinalResponseChunk })
    }

    private fun check(what: String, wanted: Any?, got: Any?) {
        val same = if (wanted is JsonElement && got is JsonElement) Trees.same(wanted, got) else wanted == got
        if (!same) found += "$what: expected ${clipped(wanted)}, got ${clipped(got)}"
    }

    private fun parsed(text: String): JsonElement = try {
        Json.parseToJsonElement(text)
    } catch (_: SerializationException) {
        JsonPrimitive(text)
    }

    private fun JsonObject.long(name: String): Long? = (get(name) as? JsonPrimitive)?.longOrNull
}

internal fun described(failure: Throwable?): String = failure?.let { "${it.javaClass.simpleName}: ${it.message}" }
    ?: "nothing"

internal fun clipped(value: Any?): String {
    val text = value.toString().replace("\n", "\\n")
    return if (text.length <= CLIP) "«$text»" else "«${text.take(CLIP)}…» (${text.length} characters)"
}

private const val CLIP = 300
