package io.kompletion.testkit.openai

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeChoice
import io.kompletion.testkit.internal.FakePart
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.estimatedUsage
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonArrayBuilder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonArray
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject

/**
 * A message as `chat.completion` or as the `chat.completion.chunk`s of a stream, key for key what OpenAI sends.
 * Reasoning goes into `reasoning_content`, where OpenAI-shaped servers put it, or into parts of the content; OpenAI
 * itself shows none.
 */
internal class ChatCompletionWire(
    private val request: FakeRequest,
    private val message: FakeAnswer.Message,
    private val number: Int,
    private val thinksInParts: Boolean = false,
) : MessageWriting {
    private val usage =
        message.usage ?: estimatedUsage(listOf(request.body["messages"], request.body["tools"]), message.choices)

    override fun whole(): JsonObject = buildJsonObject {
        envelope("chat.completion")
        putJsonArray("choices") {
            message.choices.forEachIndexed { index, choice ->
                addJsonObject {
                    put("index", index)
                    put("message", wholeMessage(index, choice))
                    put("logprobs", JsonNull)
                    put("finish_reason", finishReason(choice))
                }
            }
        }
        put("usage", usageJson())
        tail()
    }

    /** The stream's events in order, framed: the choices in turn, the usage when it was asked for, the end marker. */
    override fun events(): List<String> {
        val perChoice = message.choices.mapIndexed(::deltas)
        val rounds = perChoice.maxOf { it.size }
        val chunks = (0 until rounds).flatMap { round -> perChoice.mapNotNull { it.getOrNull(round) } }
        val usageChunk = if (request.wishes.includeUsage) listOf(usageChunk()) else emptyList()
        return (chunks + usageChunk).map(::serverSentEvent) + "data: [DONE]\n\n"
    }

    private fun wholeMessage(index: Int, choice: FakeChoice): JsonObject = buildJsonObject {
        put("role", "assistant")
        val thought = choice.all<FakePart.Reasoning>()
        if (thought != null && thinksInParts) {
            put(
                "content",
                JsonArray(listOf(thinking(thought)) + listOfNotNull(choice.all<FakePart.Text>()?.let(::textPart))),
            )
        } else {
            put("content", choice.all<FakePart.Text>())
            thought?.let { put("reasoning_content", it) }
        }
        val calls = choice.parts.filterIsInstance<FakePart.ToolCall>()
        if (calls.isNotEmpty()) {
            putJsonArray("tool_calls") {
                calls.forEachIndexed { position, call ->
                    addJsonObject { call(call, index, position, call.pieces.joinToString("")) }
                }
            }
        }
        put("refusal", choice.all<FakePart.Refusal>())
        put("annotations", JsonArray(emptyList()))
    }

    private inline fun <reified P : FakePart> FakeChoice.all(): String? = parts.filterIsInstance<P>()
        .takeIf { it.isNotEmpty() }
        ?.joinToString("") { it.pieces.joinToString("") }

    private fun deltas(index: Int, choice: FakeChoice): List<JsonObject> {
        val deltas = ArrayList<JsonObject>()
        deltas += buildJsonObject {
            put("role", "assistant")
            if (choice.parts.all { it is FakePart.ToolCall }) put("content", JsonNull) else put("content", "")
            put("refusal", JsonNull)
        }
        var position = 0
        for (part in choice.parts) {
            when (part) {
                is FakePart.Text -> part.pieces.mapTo(deltas) { textDelta("content", it) }
                is FakePart.Reasoning -> part.pieces.mapTo(deltas, ::thoughtDelta)
                is FakePart.Refusal -> part.pieces.mapTo(deltas) { textDelta("refusal", it) }
                is FakePart.ToolCall -> deltas += callDeltas(part, index, position++)
            }
        }
        return deltas.map { chunk(index, it, null) } + chunk(index, JsonObject(emptyMap()), finishReason(choice))
    }

    private fun thoughtDelta(text: String): JsonObject = when {
        thinksInParts -> JsonObject(mapOf("content" to JsonArray(listOf(thinking(text)))))
        else -> textDelta("reasoning_content", text)
    }

    private fun thinking(text: String): JsonObject = buildJsonObject {
        put("type", "thinking")
        put("thinking", JsonArray(listOf(textPart(text))))
    }

    private fun textPart(text: String): JsonObject = buildJsonObject {
        put("type", "text")
        put("text", text)
    }

    private fun textDelta(name: String, text: String): JsonObject = buildJsonObject { put(name, text) }

    /** First id and name with no arguments, then the arguments piece by piece. */
    private fun callDeltas(call: FakePart.ToolCall, choice: Int, position: Int): List<JsonObject> {
        val first = toolCallDelta {
            put("index", position)
            call(call, choice, position, "")
        }
        return listOf(first) + call.pieces.map { piece ->
            toolCallDelta {
                put("index", position)
                putJsonObject("function") { put("arguments", piece) }
            }
        }
    }

    private fun toolCallDelta(entry: JsonObjectBuilder.() -> Unit): JsonObject = buildJsonObject {
        put("tool_calls", buildJsonArray { addJsonObject(entry) })
    }

    private fun JsonObjectBuilder.call(call: FakePart.ToolCall, choice: Int, position: Int, arguments: String) {
        put("id", call.id ?: "call_fake_${number}_${choice}_$position")
        put("type", "function")
        putJsonObject("function") {
            put("name", call.name)
            put("arguments", arguments)
        }
    }

    private fun chunk(index: Int, delta: JsonObject, finishReason: String?): JsonObject = chunk(JsonNull) {
        addJsonObject {
            put("index", index)
            put("delta", delta)
            put("logprobs", JsonNull)
            put("finish_reason", finishReason)
        }
    }

    private fun usageChunk(): JsonObject = chunk(usageJson()) {}

    private fun chunk(usage: JsonElement, choices: JsonArrayBuilder.() -> Unit): JsonObject = buildJsonObject {
        envelope("chat.completion.chunk")
        tail()
        putJsonArray("choices", choices)
        if (request.wishes.includeUsage) put("usage", usage)
    }

    private fun JsonObjectBuilder.envelope(kind: String) {
        put("id", "chatcmpl-fake-$number")
        put("object", kind)
        put("created", FIRST_CREATED + number)
        put("model", message.model ?: request.model)
    }

    private fun JsonObjectBuilder.tail() {
        put("service_tier", "default")
        put("system_fingerprint", "fp_fake")
    }

    private fun finishReason(choice: FakeChoice): String = choice.finishReason
        ?: if (choice.parts.any { it is FakePart.ToolCall }) "tool_calls" else "stop"

    private fun usageJson(): JsonObject = buildJsonObject {
        put("prompt_tokens", usage.inputTokens)
        put("completion_tokens", usage.outputTokens)
        put("total_tokens", usage.inputTokens + usage.outputTokens)
        putJsonObject("prompt_tokens_details") {
            put("cached_tokens", usage.cachedTokens)
            put("audio_tokens", 0)
        }
        putJsonObject("completion_tokens_details") {
            put("reasoning_tokens", usage.reasoningTokens)
            put("audio_tokens", 0)
            put("accepted_prediction_tokens", 0)
            put("rejected_prediction_tokens", 0)
        }
    }

    private companion object {
        const val FIRST_CREATED = 1_760_000_000L
    }
}

/** [data] as one server-sent event. */
internal fun serverSentEvent(data: JsonObject): String = "data: $data\n\n"
