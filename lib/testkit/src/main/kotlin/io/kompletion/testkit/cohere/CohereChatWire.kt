package io.kompletion.testkit.cohere

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeChoice
import io.kompletion.testkit.internal.FakePart
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.estimatedUsage
import io.kompletion.testkit.internal.namedEvent
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject

/**
 * A message as one JSON document or as the events of a stream, key for key what Cohere sends. A refusal is a text;
 * finish reasons of OpenAI's vocabulary go out as Cohere's.
 */
internal class CohereChatWire(request: FakeRequest, message: FakeAnswer.Message, private val number: Int) :
    MessageWriting {
    private val choice: FakeChoice = message.choices.first()
    private val usage =
        message.usage ?: estimatedUsage(listOf("messages", "tools").map { request.body[it] }, listOf(choice))
    private val calls = choice.parts.filterIsInstance<FakePart.ToolCall>()
    private val blocks = choice.parts.filter { it !is FakePart.ToolCall }

    override fun whole(): JsonObject = buildJsonObject {
        put("id", "cohere-fake-$number")
        putJsonObject("message") {
            put("role", "assistant")
            if (blocks.isNotEmpty()) put("content", JsonArray(blocks.map { block(it, it.pieces.joinToString("")) }))
            if (calls.isNotEmpty()) {
                val whole = calls.mapIndexed { index, call -> call(call, index, call.pieces.joinToString("")) }
                put("tool_calls", JsonArray(whole))
            }
        }
        put("finish_reason", finishReason())
        put("usage", usageJson())
    }

    /**
     * The events in order. One entry is what a reply counts as one event: the start of a message, and each piece with
     * the start of its block before it and the end of its block behind it.
     */
    override fun events(): List<String> {
        val entries = ArrayList<String>()
        entries += namedEvent("message-start") {
            put("id", "cohere-fake-$number")
            message {
                put("role", "assistant")
                for (name in listOf("content", "tool_calls", "citations")) putJsonArray(name) {}
                put("tool_plan", "")
            }
        }
        blocks.forEachIndexed { index, block -> entries += blockEvents(index, block) }
        calls.forEachIndexed { index, call -> entries += callEvents(index, call) }
        entries += namedEvent("message-end") {
            putJsonObject("delta") {
                put("finish_reason", finishReason())
                put("usage", usageJson())
            }
        }
        return entries + "data: [DONE]\n\n"
    }

    private fun blockEvents(index: Int, part: FakePart): List<String> {
        val start = indexed("content-start", index) { put("content", block(part, "")) }
        val deltas = part.pieces.map { piece ->
            indexed("content-delta", index) { putJsonObject("content") { put(kind(part), piece) } }
        }.ifEmpty { listOf("") }
        val opened = listOf(start + deltas.first()) + deltas.drop(1)
        return opened.dropLast(1) + (opened.last() + indexed("content-end", index, null))
    }

    private fun callEvents(index: Int, call: FakePart.ToolCall): List<String> {
        val start = indexed("tool-call-start", index) { put("tool_calls", call(call, index, "")) }
        val deltas = call.pieces.map { piece ->
            indexed("tool-call-delta", index) {
                putJsonObject("tool_calls") { putJsonObject("function") { put("arguments", piece) } }
            }
        }
        val entries = listOf(start) + deltas
        return entries.dropLast(1) + (entries.last() + indexed("tool-call-end", index, null))
    }

    private fun indexed(type: String, index: Int, delta: (JsonObjectBuilder.() -> Unit)?): String = namedEvent(type) {
        put("index", index)
        delta?.let { message(it) }
    }

    private fun JsonObjectBuilder.message(fields: JsonObjectBuilder.() -> Unit) {
        putJsonObject("delta") { putJsonObject("message", fields) }
    }

    private fun block(part: FakePart, content: String): JsonObject = buildJsonObject {
        put("type", kind(part))
        put(kind(part), content)
    }

    private fun kind(part: FakePart) = if (part is FakePart.Reasoning) "thinking" else "text"

    private fun call(call: FakePart.ToolCall, index: Int, arguments: String): JsonObject = buildJsonObject {
        put("id", call.id ?: "${call.name}_fake_${number}_$index")
        put("type", "function")
        putJsonObject("function") {
            put("name", call.name)
            put("arguments", arguments)
        }
    }

    private fun finishReason(): String {
        val said = choice.finishReason ?: return if (calls.isEmpty()) "COMPLETE" else "TOOL_CALL"
        return FINISH_REASONS[said] ?: said
    }

    private fun usageJson(): JsonObject = buildJsonObject {
        putJsonObject("billed_units") {
            put("input_tokens", usage.inputTokens)
            put("output_tokens", usage.outputTokens)
        }
        putJsonObject("tokens") {
            put("input_tokens", usage.inputTokens)
            put("output_tokens", usage.outputTokens)
            if (usage.reasoningTokens > 0) put("reasoning_tokens", usage.reasoningTokens)
        }
        put("cached_tokens", usage.cachedTokens)
    }

    private companion object {
        val FINISH_REASONS = mapOf(
            "stop" to "COMPLETE",
            "length" to "MAX_TOKENS",
            "tool_calls" to "TOOL_CALL",
            "content_filter" to "ERROR_TOXIC",
        )
    }
}
