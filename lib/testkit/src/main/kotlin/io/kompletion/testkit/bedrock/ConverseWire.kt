package io.kompletion.testkit.bedrock

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeChoice
import io.kompletion.testkit.internal.FakePart
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.argumentsTree
import io.kompletion.testkit.internal.estimatedUsage
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject

/**
 * A message as one JSON document or as the events of a stream, key for key what Bedrock sends. A refusal is a text with the
 * stop reason `content_filtered`; finish reasons of OpenAI's vocabulary go out as Bedrock's.
 */
internal class ConverseWire(
    private val request: FakeRequest,
    private val message: FakeAnswer.Message,
    private val number: Int,
) : MessageWriting {
    private val choice: FakeChoice = message.choices.first()
    private val usage = message.usage
        ?: estimatedUsage(listOf("system", "messages", "toolConfig").map { request.body[it] }, listOf(choice))

    override fun whole(): JsonObject = buildJsonObject {
        metrics()
        putJsonObject("output") {
            putJsonObject("message") {
                put("content", JsonArray(choice.parts.mapIndexed { index, part -> block(part, index) }))
                put("role", "assistant")
            }
        }
        put("stopReason", stopReason())
        usage()
    }

    /**
     * The events in order. One entry is what a reply counts as one event: the start of the message, and each piece with
     * the start of its block before it and the end of its block behind it.
     */
    override fun events(): List<String> {
        val entries = ArrayList<String>()
        entries += event("messageStart") { put("role", "assistant") }
        choice.parts.forEachIndexed { index, part -> entries += partEvents(index, part) }
        entries += event("messageStop") { put("stopReason", stopReason()) }
        return entries + event("metadata") {
            metrics()
            usage()
        }
    }

    private fun partEvents(index: Int, part: FakePart): List<String> {
        val start = if (part is FakePart.ToolCall) listOf(callStart(index, part)) else emptyList()
        val signature = if (part is FakePart.Reasoning) {
            delta(index) { putJsonObject("reasoningContent") { put("signature", signatureOf(index)) } }
        } else {
            ""
        }
        val entries = start + part.pieces.map { piece -> delta(index) { piece(part, piece) } }
        val stop = event("contentBlockStop") { put("contentBlockIndex", index) }
        return entries.dropLast(1) + (entries.lastOrNull().orEmpty() + signature + stop)
    }

    private fun JsonObjectBuilder.piece(part: FakePart, piece: String) {
        when (part) {
            is FakePart.ToolCall -> putJsonObject("toolUse") { put("input", piece) }
            is FakePart.Reasoning -> putJsonObject("reasoningContent") { put("text", piece) }
            else -> put("text", piece)
        }
    }

    private fun callStart(index: Int, call: FakePart.ToolCall): String = event("contentBlockStart") {
        put("contentBlockIndex", index)
        putJsonObject("start") {
            putJsonObject("toolUse") {
                put("name", call.name)
                put("toolUseId", idOf(index, call))
            }
        }
    }

    private fun delta(index: Int, fields: JsonObjectBuilder.() -> Unit): String = event("contentBlockDelta") {
        put("contentBlockIndex", index)
        putJsonObject("delta", fields)
    }

    private fun block(part: FakePart, index: Int): JsonObject = buildJsonObject {
        val content = part.pieces.joinToString("")
        when (part) {
            is FakePart.ToolCall -> putJsonObject("toolUse") {
                put("input", argumentsTree(content))
                put("name", part.name)
                put("toolUseId", idOf(index, part))
            }

            is FakePart.Reasoning -> putJsonObject("reasoningContent") {
                putJsonObject("reasoningText") {
                    put("signature", signatureOf(index))
                    put("text", content)
                }
            }

            else -> put("text", content)
        }
    }

    private fun idOf(index: Int, call: FakePart.ToolCall) = call.id ?: "tooluse_fake_${number}_$index"

    private fun signatureOf(index: Int) = "signature-$index"

    private fun stopReason(): String {
        val said = choice.finishReason ?: return when {
            choice.parts.any { it is FakePart.Refusal } -> "content_filtered"
            choice.parts.any { it is FakePart.ToolCall } -> "tool_use"
            else -> "end_turn"
        }
        return STOP_REASONS[said] ?: said
    }

    private fun JsonObjectBuilder.metrics() = putJsonObject("metrics") { put("latencyMs", LATENCY) }

    private fun JsonObjectBuilder.usage() = putJsonObject("usage") {
        val read = usage.cachedTokens
        put("cacheReadInputTokens", read)
        put("cacheWriteInputTokens", 0)
        put("inputTokens", usage.inputTokens - read)
        put("outputTokens", usage.outputTokens)
        put("totalTokens", usage.inputTokens + usage.outputTokens)
    }

    private fun event(type: String, fields: JsonObjectBuilder.() -> Unit): String = EventLines.event(
        type,
        buildJsonObject {
            fields()
            put("p", "abcdefgh")
        },
    )

    private companion object {
        const val LATENCY = 1
        val STOP_REASONS = mapOf(
            "stop" to "end_turn",
            "length" to "max_tokens",
            "tool_calls" to "tool_use",
            "content_filter" to "content_filtered",
        )
    }
}
