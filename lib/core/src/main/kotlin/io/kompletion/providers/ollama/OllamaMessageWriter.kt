package io.kompletion.providers.ollama

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.CitationPart
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.ImagePart
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
import io.kompletion.internal.wire.FieldWriter
import kotlinx.serialization.json.JsonObject

/** Writes the messages of a request: one text each, with images beside it as base64. */
internal class OllamaMessageWriter(private val providerId: String, private val fields: FieldWriter) {
    private val json = fields.json
    private val names = HashMap<String, String>()

    fun write(messages: List<Message>) {
        json.beginArray()
        messages.forEachIndexed { index, message ->
            val place = "messages[$index]"
            json.beginObject()
            message(message, place)
            if (message !is AssistantMessage || message.provider == null) {
                for ((name, value) in message.extra) json.field(name, value)
            }
            json.endObject()
            fields.leftOf(message, place)
        }
        json.endArray()
    }

    private fun message(message: Message, place: String) {
        when (message) {
            is SystemMessage -> said("system", message.content, place)

            is DeveloperMessage -> said("system", message.content, place)

            is UserMessage -> said("user", message.content, place)

            is AssistantMessage -> assistant(message, place)

            is ToolResultMessage -> {
                said("tool", message.content, place)
                json.field("tool_name", message.name ?: names[message.toolCallId])
                json.field("tool_call_id", message.toolCallId)
            }

            is FunctionMessage -> {
                said("tool", message.content, place)
                json.field("tool_name", message.name)
            }
        }
    }

    private fun said(role: String, content: MessageContent, place: String) {
        json.name("role").value(role).name("content")
        if (content.isText || content.json != null) {
            json.value(content.text)
            return
        }
        json.value(content.parts.mapIndexedNotNull { i, part -> text(part, "$place.content[$i]") }.joinToString("\n\n"))
        val images = content.parts.withIndex().filter { it.value is ImagePart }
        if (images.isEmpty()) return
        json.name("images").beginArray()
        for ((index, part) in images) json.value(data(part as ImagePart, "$place.content[$index]"))
        json.endArray()
    }

    /** What a part says in words; null for an image. */
    private fun text(part: ContentPart, place: String): String? {
        fields.noBreakpoint(part.cacheBreakpoint, "$place.")
        return when (part) {
            is TextPart -> part.text

            is ImagePart -> null

            is DocumentPart -> {
                val text = part.media.text ?: throw fields.unsupported("a document can be sent as text only", place)
                part.title?.let { "$it\n\n$text" } ?: text
            }

            else -> throw fields.unsupported("a part of type \"${part.type}\" cannot be sent", place)
        }
    }

    private fun data(part: ImagePart, place: String): String {
        if (part.detail != null) fields.drop("$place.detail", "Ollama has no such field")
        return part.media.data
            ?: throw fields.unsupported("an image can be sent as data only, not by its address", place)
    }

    private fun assistant(message: AssistantMessage, place: String) {
        val text = StringBuilder()
        val thoughts = StringBuilder()
        message.parts.forEachIndexed { index, part ->
            when (part) {
                is TextPart -> text.append(part.text)

                is RefusalPart -> text.append(part.refusal)

                is ReasoningPart -> {
                    val maker = part.provider ?: message.provider ?: providerId
                    if (maker == providerId) thoughts.append(part.text) else foreign("$place.parts[$index]", maker)
                }

                is ToolCallPart, is CitationPart -> Unit

                else -> fields.drop("$place.parts[$index]", "Ollama has no such part for an assistant")
            }
        }
        json.name("role").value("assistant").name("content").value(text.toString())
        json.field("thinking", thoughts.toString().ifEmpty { null })
        calls(message.toolCalls, place)
    }

    private fun foreign(place: String, maker: String) = fields.drop(place, "it is $maker's own")

    private fun calls(calls: List<ToolCall>, place: String) {
        if (calls.isEmpty()) return
        json.name("tool_calls").beginArray()
        calls.forEachIndexed { index, call ->
            names[call.id] = call.name
            json.beginObject().name("id").value(call.id).name("function").beginObject()
            json.name("name").value(call.name).name("arguments").value(arguments(call, "$place.tool_calls[$index]"))
            json.endObject().endObject()
        }
        json.endArray()
    }

    /** Ollama takes an object, whatever the text of a call is. */
    private fun arguments(call: ToolCall, place: String): JsonObject {
        val text = call.function
        if (text.rawArguments.isBlank()) return JsonObject(emptyMap())
        return text.parsed()
            ?: throw fields.unsupported("the arguments are no JSON object", "$place.function.arguments")
    }
}
