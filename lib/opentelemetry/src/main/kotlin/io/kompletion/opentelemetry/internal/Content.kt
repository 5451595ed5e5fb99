package io.kompletion.opentelemetry.internal

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Choice
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.Message
import io.kompletion.chat.MessageContent
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * What was said, in the JSON that the conventions prescribe for spans (`gen-ai-input-messages.json` and its siblings).
 * Parts that are no text are named by their type alone, since they may be megabytes.
 */
internal object Content {
    /** What the system and developer messages say; null when there are none. */
    fun instructions(request: ChatCompletionRequest): String? = request.messages.flatMap {
        instruction(it)?.parts.orEmpty()
    }.takeIf { it.isNotEmpty() }?.let(::parts)?.toString()

    /** Everything else, in order. */
    fun input(request: ChatCompletionRequest): String =
        JsonArray(request.messages.filter { instruction(it) == null }.map(::message)).toString()

    fun output(response: ChatCompletionResponse): String = JsonArray(response.choices.map(::choice)).toString()

    private fun instruction(message: Message): MessageContent? = when (message) {
        is SystemMessage -> message.content
        is DeveloperMessage -> message.content
        else -> null
    }

    private fun choice(choice: Choice): JsonElement = message(
        ASSISTANT,
        parts(choice.message.parts),
        "finish_reason" to choice.finishReason?.value?.let(::JsonPrimitive),
    )

    private fun message(message: Message): JsonElement = when (message) {
        is SystemMessage -> message(message.role, parts(message.content.parts))
        is DeveloperMessage -> message("system", parts(message.content.parts))
        is UserMessage -> message(message.role, parts(message.content.parts))
        is AssistantMessage -> message(ASSISTANT, parts(message.parts))
        is ToolResultMessage -> message(TOOL, JsonArray(listOf(result(message.toolCallId, message.content))))
        is FunctionMessage -> message(TOOL, JsonArray(listOf(result(null, message.content))))
    }

    private fun message(role: String, parts: JsonArray, vararg more: Pair<String, JsonElement?>): JsonObject =
        fields("role" to JsonPrimitive(role), "parts" to parts, *more)

    private fun parts(parts: List<ContentPart>) = JsonArray(parts.map(::part))

    private fun part(part: ContentPart): JsonObject = when (part) {
        is TextPart -> text("text", part.text)
        is ReasoningPart -> text("reasoning", part.text)
        is RefusalPart -> text("refusal", part.refusal)
        is ToolCallPart -> call(part.toolCall)
        else -> fields("type" to JsonPrimitive(part.type))
    }

    private fun text(type: String, content: String) =
        fields("type" to JsonPrimitive(type), "content" to JsonPrimitive(content))

    /** Arguments as text, which the conventions allow: it is what the model wrote, JSON or not. */
    private fun call(call: ToolCall) = fields(
        "type" to JsonPrimitive("tool_call"),
        "id" to JsonPrimitive(call.id),
        "name" to JsonPrimitive(call.name),
        "arguments" to JsonPrimitive(call.function.rawArguments),
    )

    private fun result(id: String?, content: MessageContent) = fields(
        "type" to JsonPrimitive("tool_call_response"),
        "id" to id?.let(::JsonPrimitive),
        "response" to (content.json ?: JsonPrimitive(content.text)),
    )

    private fun fields(vararg fields: Pair<String, JsonElement?>) =
        JsonObject(fields.mapNotNull { (name, value) -> value?.let { name to it } }.toMap())

    private const val ASSISTANT = "assistant"
    private const val TOOL = "tool"
}
