@file:JvmName("Conversations")

package io.kompletion.chat

import io.kompletion.chat.json.JsonArguments
import io.kompletion.chat.json.JsonProblem
import io.kompletion.chat.json.MessageSerializer
import io.kompletion.chat.json.TreeSerializer
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement

/**
 * A conversation as JSON to be stored: a list of objects with `role`, `content`, `tool_calls` and so on. Everything that a
 * provider wants back is kept, signatures as base64 text; keys are in no message.
 */
public fun serializeConversation(messages: List<Message>): String = conversationToJson(messages).toString()

/** The same as a JSON tree. */
public fun conversationToJson(messages: List<Message>): JsonElement = JsonArray(messages.map(MessageSerializer::write))

/**
 * Reads what [serializeConversation] wrote, also by a later version: unknown fields and parts are kept.
 *
 * @throws InvalidRequestException when it is no such list; the message names the index and role of the message at fault
 */
public fun deserializeConversation(json: String): List<Message> =
    conversationFromJson(JsonArguments.element(json, "conversation"))

/** The same from a JSON tree. */
public fun conversationFromJson(json: JsonElement): List<Message> {
    val list = json as? JsonArray ?: throw InvalidRequestException("a conversation must be a JSON array of messages")
    return list.mapIndexed { index, element ->
        try {
            MessageSerializer.read(element)
        } catch (e: InvalidRequestException) {
            throw at(index, e.message)
        } catch (e: SerializationException) {
            throw at(index, JsonProblem.of(e).text)
        }
    }
}

/** A conversation inside a request; what is wrong with it says which message it is in. */
internal object MessagesSerializer : TreeSerializer<List<Message>>("io.kompletion.Messages") {
    override fun read(element: JsonElement): List<Message> = conversationFromJson(element)

    override fun write(value: List<Message>): JsonElement = conversationToJson(value)
}

private fun at(index: Int, reason: String?) = InvalidRequestException(
    "messages[$index]: $reason",
    ErrorDetails.builder().param("messages[$index]").build(),
)
