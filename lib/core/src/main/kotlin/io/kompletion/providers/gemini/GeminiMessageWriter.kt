package io.kompletion.providers.gemini

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.Message
import io.kompletion.chat.MessageContent
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.JsonWriter
import io.kompletion.provider.Target
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Puts a conversation into Gemini's order: instructions apart, user and model in turn, the results of tools together
 * and in the order of their calls.
 */
internal class GeminiMessageWriter(
    private val target: Target,
    private val host: GeminiHost,
    private val model: GeminiModel,
    private val warnings: MutableList<Warning>,
) {
    private class Turn(val role: String) {
        val parts = ArrayList<GeminiPart>()
    }

    /** A call that waits for its result. */
    private class Call(val name: String, val order: Int)

    private val parts = GeminiParts(target.providerId, target.baseUrl, warnings)
    private val assistant = GeminiAssistantWriter(target, host, model, parts, warnings)
    private val turns = ArrayList<Turn>()
    private val instructions = ArrayList<GeminiPart>()
    private val open = LinkedHashMap<String, Call>()

    val hasInstructions: Boolean get() = instructions.isNotEmpty()

    /** Adds an instruction of the library's own. */
    fun instruct(text: String) {
        parts.text(TextPart(text))?.let(instructions::add)
    }

    fun read(messages: List<Message>) {
        val turnBegins = messages.indexOfLast { it is UserMessage }
        messages.forEachIndexed { index, message ->
            val place = "messages[$index]"
            when (message) {
                is SystemMessage -> instruction(message.content, place)

                is DeveloperMessage -> instruction(message.content, place)

                is UserMessage -> turn(USER).parts += content(message.content, place)

                is AssistantMessage -> said(message, index > turnBegins, place)

                is ToolResultMessage -> result(
                    message.toolCallId,
                    message.name,
                    message.content,
                    message.isError,
                    place,
                )

                is FunctionMessage -> result(callOf(message), message.name, message.content, null, place)
            }
            lost(message, place)
        }
        turns.removeAll { it.parts.isEmpty() }
        for (turn in turns) turn.parts.sortBy { it.order ?: Int.MAX_VALUE }
        if (turns.isEmpty()) {
            throw InvalidRequestException(
                "messages have no content; ${target.providerId} needs at least one text or file that is not empty",
                ErrorDetails.builder().param("messages").build(),
            )
        }
        if (!model.takesInstructions) prepend()
    }

    /** Models without instructions read them at the beginning of what the user says first. */
    private fun prepend() {
        if (instructions.isEmpty()) return
        warnings +=
            Warning("messages", "mapped", "${target.model} has no instructions; they stand before the first text")
        val first = turns.first()
        if (first.role == USER) {
            first.parts.addAll(0, instructions)
        } else {
            turns.add(0, Turn(USER).also { it.parts += instructions })
        }
        instructions.clear()
    }

    fun writeInstructions(json: JsonWriter) {
        json.beginObject()
        write(json, instructions)
        json.endObject()
    }

    fun write(json: JsonWriter) {
        json.beginArray()
        for (turn in turns) {
            json.beginObject().name("role").value(turn.role)
            write(json, turn.parts)
            json.endObject()
        }
        json.endArray()
    }

    private fun write(json: JsonWriter, parts: List<GeminiPart>) {
        json.name("parts").beginArray()
        for (part in parts) part.writeTo(json)
        json.endArray()
    }

    private fun turn(role: String): Turn {
        // Turns of one role are one turn, also when what stood between them was empty.
        turns.lastOrNull()?.let { if (it.parts.isEmpty()) turns.removeAt(turns.lastIndex) }
        return turns.lastOrNull()?.takeIf { it.role == role } ?: Turn(role).also { turns += it }
    }

    private fun instruction(content: MessageContent, place: String) {
        if (turns.isNotEmpty()) {
            warnings += Warning(place, "mapped", "Gemini takes instructions before the conversation only")
        }
        content.parts.forEachIndexed { i, part ->
            if (part !is TextPart) {
                throw parts.unsupported("instructions are text, not \"${part.type}\"", "$place.content[$i]")
            }
            parts.of(part, "$place.content[$i]")?.let(instructions::add)
        }
    }

    private fun content(content: MessageContent, place: String): List<GeminiPart> =
        content.parts.mapIndexedNotNull { i, part -> parts.of(part, "$place.content[$i]") }

    private fun said(message: AssistantMessage, isCurrentTurn: Boolean, place: String) {
        val turn = turn("model")
        turn.parts += assistant.parts(message, isCurrentTurn, place)
        open.clear()
        message.toolCalls.forEachIndexed { order, call -> open[call.id] = Call(call.name, order) }
    }

    private fun result(id: String?, said: String?, content: MessageContent, isError: Boolean?, place: String) {
        val call = open.remove(id)
        val name = GeminiNames.sent(call?.name ?: said ?: "unknown_function")
        val order = call?.order ?: open.size
        val media = if (content.isText || content.json != null) emptyList() else media(content, place)
        val isInside = model.isThird && media.all { it.isMedia }
        val turn = turn(USER)
        turn.parts += GeminiPart(order) {
            name("functionResponse").beginObject()
            if (id != null && host.takesCallIds && !GeminiIds.isMade(id)) field("id", id)
            field("name", name)
            name("response").value(response(content, isError))
            if (media.isNotEmpty() && isInside) {
                name("parts").beginArray()
                for (part in media) part.writeTo(this)
                endArray()
            }
            endObject()
        }
        if (media.isNotEmpty() && !isInside) {
            warnings +=
                Warning("$place.content", "mapped", "${target.model} takes no files in results; they follow them")
            turn.parts += media
        }
    }

    /** What of a result is no text. */
    private fun media(content: MessageContent, place: String): List<GeminiPart> =
        content.parts.mapIndexedNotNull { i, part ->
            if (part is TextPart) null else parts.of(part, "$place.content[$i]")
        }

    /** A result is an object: one that the caller gave, else his words under the name that Gemini knows. */
    private fun response(content: MessageContent, isError: Boolean?): JsonElement {
        val value = content.json ?: JsonPrimitive(content.text)
        if (isError == true) return JsonObject(mapOf("error" to value))
        return value as? JsonObject ?: JsonObject(mapOf("output" to value))
    }

    private fun callOf(message: FunctionMessage): String? = open.entries.firstOrNull {
        it.value.name == message.name
    }?.key

    private fun lost(message: Message, place: String) {
        message.cacheBreakpoint?.let { parts.noBreakpoint(place) }
        if (message.name != null && message !is ToolResultMessage && message !is FunctionMessage) {
            warnings += Warning("$place.name", "dropped", "Gemini does not tell speakers apart")
        }
        // What an answer carried beside the vocabulary means nothing in a request.
        if (message is AssistantMessage && message.provider != null) return
        for ((name, value) in message.extra) {
            if (value !is JsonNull) warnings += Warning("$place.$name", "dropped", "Gemini has no such field")
        }
    }

    private companion object {
        const val USER = "user"
    }
}
