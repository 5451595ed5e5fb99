package io.kompletion.providers.cohere

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.Message
import io.kompletion.chat.MessageContent
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
import io.kompletion.internal.wire.FieldWriter
import io.kompletion.provider.Target
import kotlinx.serialization.json.JsonObject

/** Writes the messages of a request; documents that a user sends are gathered beside them. */
internal class CohereMessageWriter(target: Target, private val fields: FieldWriter) {
    private val json = fields.json
    private val parts = CoherePartWriter(target.providerId, fields)
    private val assistant = CohereAssistantWriter(target.providerId, fields)
    private var calls = emptyList<Pair<String, String>>()

    /** The documents among the messages written so far. */
    val documents: List<JsonObject> get() = parts.documents

    fun write(messages: List<Message>) {
        json.beginArray()
        messages.forEachIndexed { index, message ->
            val place = "messages[$index]"
            json.beginObject()
            message(message, place)
            if (message !is AssistantMessage) for ((name, value) in message.extra) json.field(name, value)
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

            is AssistantMessage -> {
                assistant.write(message, place)
                calls = message.toolCalls.map { it.name to it.id }
            }

            is ToolResultMessage -> result(message.toolCallId, message.content, place)

            is FunctionMessage -> result(callOf(message, place), message.content, place)
        }
    }

    private fun said(role: String, content: MessageContent, place: String) {
        json.name("role").value(role).name("content")
        if (content.isText || content.json != null) return text(content.text)
        json.beginArray()
        content.parts.forEachIndexed { index, part -> parts.said(part, role == "user", "$place.content[$index]") }
        json.endArray()
    }

    private fun result(id: String, content: MessageContent, place: String) {
        json.name("role").value("tool").name("tool_call_id").value(id).name("content")
        if (content.isText || content.json != null || content.parts.all { it is TextPart }) return text(content.text)
        json.beginArray()
        content.parts.forEachIndexed { index, part -> parts.result(part, "$place.content[$index]") }
        json.endArray()
    }

    private fun text(text: String) {
        json.value(text)
    }

    /** The call that a result without an id answers. */
    private fun callOf(message: FunctionMessage, place: String): String =
        calls.firstOrNull { it.first == message.name }?.second
            ?: throw fields.unsupported("no call of \"${message.name}\" stands before its result", place)
}
