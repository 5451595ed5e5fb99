package io.kompletion.testkit.anthropic

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeChoice
import io.kompletion.testkit.internal.FakePart
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.argumentsTree
import io.kompletion.testkit.internal.estimatedUsage
import io.kompletion.testkit.internal.namedEvent
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject

/**
 * A message as one JSON document or as the events of a stream, key for key what Anthropic sends. A refusal is a text
 * with the stop reason `refusal`; finish reasons of OpenAI's vocabulary go out as Anthropic's.
 */
internal class MessageWire(
    private val request: FakeRequest,
    private val message: FakeAnswer.Message,
    private val number: Int,
) : MessageWriting {
    private val choice: FakeChoice = message.choices.first()
    private val usage = message.usage
        ?: estimatedUsage(listOf("system", "messages", "tools").map { request.body[it] }, listOf(choice))

    private val blocks: List<Shown> = choice.parts.map(::Shown)

    private inner class Shown(part: FakePart) {
        val call = part as? FakePart.ToolCall
        val isThinking = part is FakePart.Reasoning
        val pieces = part.pieces
    }

    override fun whole(): JsonObject = buildJsonObject {
        envelope(JsonArray(blocks.mapIndexed { index, block -> block(block, index, block.pieces.joinToString("")) }))
        put("stop_reason", stopReason())
        put("stop_sequence", JsonNull)
        put("usage", usageJson(usage.outputTokens))
    }

    /**
     * The events in order. One entry is what a reply counts as one event: the start of a message, and each piece with
     * the start of its block before it and the end of its block behind it.
     */
    override fun events(): List<String> {
        val entries = ArrayList<String>()
        entries += namedEvent("message_start") {
            putJsonObject("message") {
                envelope(JsonArray(emptyList()))
                put("stop_reason", JsonNull)
                put("stop_sequence", JsonNull)
                put("usage", usageJson(1))
            }
        } + namedEvent("ping") {}
        blocks.forEachIndexed { index, block -> entries += blockEvents(index, block) }
        entries += namedEvent("message_delta") {
            putJsonObject("delta") {
                put("stop_reason", stopReason())
                put("stop_sequence", JsonNull)
            }
            put("usage", usageJson(usage.outputTokens))
        }
        return entries + namedEvent("message_stop") {}
    }

    private fun blockEvents(index: Int, block: Shown): List<String> {
        val start = namedEvent("content_block_start") {
            put("index", index)
            put("content_block", block(block, index, ""))
        }
        val deltas = block.pieces.map { delta(index, block, it) }
        val signature = if (block.isThinking) listOf(signature(index)) else emptyList()
        val stop = namedEvent("content_block_stop") { put("index", index) }
        val opened = when {
            block.call != null -> listOf(start) + deltas
            else -> deltas.mapIndexed { i, d -> if (i == 0) start + d else d }
        }
        val entries = opened.ifEmpty { listOf(start) }
        return entries.dropLast(1) + (entries.last() + signature.joinToString("") + stop)
    }

    private fun delta(index: Int, block: Shown, piece: String): String = namedEvent("content_block_delta") {
        put("index", index)
        putJsonObject("delta") {
            val (type, name) = when {
                block.call != null -> "input_json_delta" to "partial_json"
                block.isThinking -> "thinking_delta" to "thinking"
                else -> "text_delta" to "text"
            }
            put("type", type)
            put(name, piece)
        }
    }

    private fun signature(index: Int): String = namedEvent("content_block_delta") {
        put("index", index)
        putJsonObject("delta") {
            put("type", "signature_delta")
            put("signature", signatureOf(index))
        }
    }

    private fun block(block: Shown, index: Int, content: String): JsonObject = buildJsonObject {
        val call = block.call
        when {
            call != null -> {
                put("type", "tool_use")
                put("id", call.id ?: "toolu_fake_${number}_$index")
                put("name", call.name)
                put("input", argumentsTree(content))
            }

            block.isThinking -> {
                put("type", "thinking")
                put("thinking", content)
                put("signature", if (content.isEmpty()) "" else signatureOf(index))
            }

            else -> {
                put("type", "text")
                put("text", content)
            }
        }
    }

    private fun signatureOf(index: Int) = "signature-$index"

    private fun JsonObjectBuilder.envelope(content: JsonArray) {
        put("id", "msg_fake_$number")
        put("type", "message")
        put("role", "assistant")
        put("model", message.model ?: request.model)
        put("content", content)
    }

    private fun stopReason(): String {
        val said = choice.finishReason ?: return when {
            choice.parts.any { it is FakePart.Refusal } -> "refusal"
            choice.parts.any { it is FakePart.ToolCall } -> "tool_use"
            else -> "end_turn"
        }
        return STOP_REASONS[said] ?: said
    }

    private fun usageJson(output: Int): JsonObject = buildJsonObject {
        put("input_tokens", usage.inputTokens - usage.cachedTokens)
        put("cache_creation_input_tokens", 0)
        put("cache_read_input_tokens", usage.cachedTokens)
        putJsonObject("cache_creation") {
            put("ephemeral_5m_input_tokens", 0)
            put("ephemeral_1h_input_tokens", 0)
        }
        put("output_tokens", output)
        if (usage.reasoningTokens > 0) {
            putJsonObject("output_tokens_details") {
                put("thinking_tokens", usage.reasoningTokens.coerceAtMost(output))
            }
        }
        put("service_tier", "standard")
    }

    private companion object {
        val STOP_REASONS = mapOf(
            "stop" to "end_turn",
            "length" to "max_tokens",
            "tool_calls" to "tool_use",
            "content_filter" to "refusal",
        )
    }
}
