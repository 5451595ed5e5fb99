package io.kompletion.testkit.ollama

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
import java.time.Instant

/**
 * A message as one JSON document or as the lines of a stream, key for key what Ollama sends. Calls come whole and
 * without ids, a refusal is a text; of OpenAI's finish reasons `length` goes out as it is, the others as `stop`.
 */
internal class OllamaChatWire(
    private val request: FakeRequest,
    private val message: FakeAnswer.Message,
    private val number: Int,
) : MessageWriting {
    private val choice: FakeChoice = message.choices.first()
    private val usage =
        message.usage ?: estimatedUsage(listOf("messages", "tools").map { request.body[it] }, listOf(choice))

    override fun whole(): JsonObject = document {
        val thoughts = choice.parts.filterIsInstance<FakePart.Reasoning>()
        val calls = choice.parts.filterIsInstance<FakePart.ToolCall>()
        putJsonObject("message") {
            put("role", "assistant")
            put("content", choice.parts.filter(::isText).joinToString("", transform = ::all))
            if (thoughts.isNotEmpty()) put("thinking", thoughts.joinToString("", transform = ::all))
            if (calls.isNotEmpty()) put("tool_calls", JsonArray(calls.map(::call)))
        }
        end()
    }

    override fun events(): List<String> {
        val pieces = choice.parts.flatMap { part ->
            if (part is FakePart.ToolCall) listOf(part to "") else part.pieces.map { part to it }
        }
        return pieces.map { (part, piece) -> line { piece(part, piece) } } + line {
            putJsonObject("message") {
                put("role", "assistant")
                put("content", "")
            }
            end()
        }
    }

    private fun JsonObjectBuilder.piece(part: FakePart, piece: String) {
        putJsonObject("message") {
            put("role", "assistant")
            put("content", if (isText(part)) piece else "")
            if (part is FakePart.Reasoning) put("thinking", piece)
            if (part is FakePart.ToolCall) put("tool_calls", JsonArray(listOf(call(part))))
        }
        put("done", false)
    }

    private fun isText(part: FakePart) = part is FakePart.Text || part is FakePart.Refusal

    private fun all(part: FakePart) = part.pieces.joinToString("")

    private fun call(call: FakePart.ToolCall): JsonObject = buildJsonObject {
        putJsonObject("function") {
            put("name", call.name)
            put("arguments", argumentsTree(all(call)))
        }
    }

    private fun line(fields: JsonObjectBuilder.() -> Unit): String = "${document(fields)}\n"

    private fun document(fields: JsonObjectBuilder.() -> Unit): JsonObject = buildJsonObject {
        put("model", message.model ?: request.model)
        put("created_at", FIRST_CREATED.plusSeconds(number.toLong()).toString())
        fields()
    }

    private fun JsonObjectBuilder.end() {
        put("done_reason", if (choice.finishReason == "length") "length" else "stop")
        put("done", true)
        put("total_duration", DURATION)
        put("load_duration", DURATION)
        put("prompt_eval_count", usage.inputTokens)
        put("prompt_eval_duration", DURATION)
        put("eval_count", usage.outputTokens)
        put("eval_duration", DURATION)
    }

    private companion object {
        val FIRST_CREATED: Instant = Instant.parse("2026-01-02T03:04:05.123456789Z")
        const val DURATION = 1_000_000L
    }
}
