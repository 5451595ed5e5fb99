package io.kompletion.testkit.gemini

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeChoice
import io.kompletion.testkit.internal.FakePart
import io.kompletion.testkit.internal.argumentsTree
import io.kompletion.testkit.internal.estimatedUsage
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonArrayBuilder
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import java.util.Base64

/**
 * A message as one `GenerateContentResponse` or as the chunks of a stream, key for key what Google sends. A refusal is a
 * text with the finish reason `SAFETY`; finish reasons of OpenAI's vocabulary go out as Google's.
 */
internal class GenerateContentWire(
    private val api: GeminiApi,
    private val request: FakeRequest,
    private val message: FakeAnswer.Message,
    private val number: Int,
) {
    private val model = GeminiModel(request.model)
    private val path = checkNotNull(api.call(request.http.path)) { "a path that was read before" }
    private val signs = model.thinks && thinkingBudget(request.body) != 0
    private val usage = message.usage ?: estimatedUsage(INPUTS.map { request.body[it] }, message.choices)
    private val spoken = usage.outputTokens - usage.reasoningTokens

    fun whole(): JsonObject = response(spoken) {
        message.choices.forEachIndexed { index, choice ->
            add(candidate(index, JsonArray(wholeParts(index, choice)), finishReason(choice)))
        }
    }

    /**
     * The chunks in order, one a piece; the last of a choice has the finish reason. Every chunk counts the tokens so far,
     * so that only the last count is right.
     */
    fun chunks(): List<JsonObject> {
        val perChoice = message.choices.mapIndexed(::pieces)
        val rounds = perChoice.maxOf { it.size }
        val candidates = (0 until rounds).flatMap { round -> perChoice.mapNotNull { it.getOrNull(round) } }
        return candidates.mapIndexed { at, candidate ->
            response(if (at == candidates.lastIndex) spoken else minOf(at + 1, spoken)) { add(candidate) }
        }
    }

    /** Gemini 3 signs its last text. */
    private fun wholeParts(index: Int, choice: FakeChoice): List<JsonObject> {
        val parts = choice.parts.mapIndexed { at, part -> part(index, choice, at, part.pieces.joinToString("")) }
        if (!model.isThree || choice.calls().isNotEmpty()) return parts
        return parts.dropLast(1) + JsonObject(parts.last() + signature(index, parts.size))
    }

    /** Gemini 3 ends its streams with an empty text, which bears the signature when no call does. */
    private fun pieces(index: Int, choice: FakeChoice): List<JsonObject> {
        val pieces = choice.parts.flatMapIndexed { at, part ->
            val texts = if (part is FakePart.ToolCall) listOf(part.pieces.joinToString("")) else part.pieces
            texts.map { part(index, choice, at, it) }
        }
        val ending = when {
            !model.isThree -> emptyMap()
            choice.calls().isNotEmpty() -> text("")
            else -> text("") + signature(index, choice.parts.size)
        }
        val all = if (ending.isEmpty() && pieces.isNotEmpty()) pieces else pieces + JsonObject(text("") + ending)
        return all.mapIndexed { at, piece ->
            candidate(index, JsonArray(listOf(piece)), finishReason(choice).takeIf { at == all.lastIndex })
        }
    }

    private fun part(index: Int, choice: FakeChoice, at: Int, content: String): JsonObject =
        when (val part = choice.parts[at]) {
            is FakePart.ToolCall -> {
                val isFirst = choice.calls().first() === part
                JsonObject(call(part, index, at, content) + if (signs && isFirst) signature(index, at) else emptyMap())
            }

            is FakePart.Reasoning -> buildJsonObject {
                put("text", content)
                put("thought", true)
            }

            is FakePart.Text, is FakePart.Refusal -> text(content)
        }

    private fun text(content: String): JsonObject = buildJsonObject { put("text", content) }

    /** Google never sends broken arguments; a call whose arguments break off is one that was to go on. */
    private fun call(call: FakePart.ToolCall, choice: Int, at: Int, arguments: String): JsonObject = buildJsonObject {
        val id = call.id ?: "fake${number}_${choice}_$at".takeIf { model.isThree }
        putJsonObject("functionCall") {
            put("name", call.name)
            val tree = argumentsTree(arguments)
            if (tree is JsonObject) put("args", tree) else put("willContinue", true)
            if (id != null && path.hasCallIds) put("id", id)
        }
    }

    private fun FakeChoice.calls(): List<FakePart.ToolCall> = parts.filterIsInstance<FakePart.ToolCall>()

    private fun signature(choice: Int, at: Int): JsonObject = buildJsonObject {
        val bytes = "signature of part $at of candidate $choice".encodeToByteArray()
        put("thoughtSignature", Base64.getEncoder().encodeToString(bytes))
    }

    private fun candidate(index: Int, parts: JsonArray, finishReason: String?): JsonObject = buildJsonObject {
        putJsonObject("content") {
            put("parts", parts)
            put("role", "model")
        }
        if (finishReason != null) put("finishReason", finishReason)
        if (index > 0 || api == GeminiApi.DEVELOPER) put("index", index)
    }

    private fun finishReason(choice: FakeChoice): String {
        val said = choice.finishReason ?: return if (choice.parts.any { it is FakePart.Refusal }) "SAFETY" else "STOP"
        return FINISH_REASONS[said] ?: said
    }

    private fun response(spokenSoFar: Int, candidates: JsonArrayBuilder.() -> Unit) = buildJsonObject {
        putJsonArray("candidates", candidates)
        putJsonObject("usageMetadata") { usage(spokenSoFar) }
        put("modelVersion", message.model ?: request.model)
        if (api == GeminiApi.VERTEX) put("createTime", "2026-01-02T03:04:05.678900Z")
        put("responseId", "fake-response-$number")
    }

    private fun JsonObjectBuilder.usage(spokenSoFar: Int) {
        put("promptTokenCount", usage.inputTokens)
        put("candidatesTokenCount", spokenSoFar)
        put("totalTokenCount", usage.inputTokens + spokenSoFar + usage.reasoningTokens)
        if (usage.cachedTokens > 0) put("cachedContentTokenCount", usage.cachedTokens)
        if (api == GeminiApi.VERTEX) put("trafficType", "ON_DEMAND")
        tokens("promptTokensDetails", usage.inputTokens)
        if (usage.cachedTokens > 0) tokens("cacheTokensDetails", usage.cachedTokens)
        if (usage.reasoningTokens > 0) put("thoughtsTokenCount", usage.reasoningTokens)
    }

    private fun JsonObjectBuilder.tokens(name: String, count: Int) {
        putJsonArray(name) {
            addJsonObject {
                put("modality", "TEXT")
                put("tokenCount", count)
            }
        }
    }

    private companion object {
        val INPUTS = listOf("systemInstruction", "contents", "tools")
        val FINISH_REASONS = mapOf(
            "stop" to "STOP",
            "tool_calls" to "STOP",
            "length" to "MAX_TOKENS",
            "content_filter" to "SAFETY",
        )
    }
}
