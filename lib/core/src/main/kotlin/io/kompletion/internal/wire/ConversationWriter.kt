package io.kompletion.internal.wire

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AudioPart
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.IncompleteToolCallPart
import io.kompletion.chat.Message
import io.kompletion.chat.MessageContent
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RedactedReasoningPart
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UnknownPart
import io.kompletion.chat.UserMessage
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Puts a conversation into the order of protocols of content blocks: instructions apart, users and the model in turn,
 * the results of tools first in the turn after their calls. What a block looks like is the protocol's.
 */
internal abstract class ConversationWriter<B : MessageBlock>(
    protected val providerId: String,
    protected val warnings: MutableList<Warning>,
    protected val blocks: BlockMaker<B>,
) {
    private class Turn<B>(val isModel: Boolean) {
        val blocks = ArrayList<B>()
    }

    private val turns = ArrayList<Turn<B>>()

    /** Calls without a result so far, by name, for results that do not say which call they answer. */
    private val openCalls = LinkedHashMap<String, String>()

    /** The instructions, each a block of its own. */
    val system = ArrayList<B>()

    /** Whether the conversation ends with the beginning of an answer. */
    val endsWithAssistant: Boolean get() = turns.lastOrNull()?.isModel == true

    protected val beginsWithAssistant: Boolean get() = turns.firstOrNull()?.isModel == true
    protected val lastBlocks: List<B> get() = turns.lastOrNull()?.blocks.orEmpty()

    /** The blocks that a prefix to be cached ends on. */
    protected val marked: List<B> get() = (system + turns.flatMap { it.blocks }).filter { it.cache != null }

    protected abstract fun said(part: TextPart, message: AssistantMessage, place: String): B?

    protected abstract fun reasoning(part: ReasoningPart, message: AssistantMessage, place: String): B?

    protected abstract fun redacted(part: RedactedReasoningPart, message: AssistantMessage, place: String): B?

    protected abstract fun call(call: ToolCall, input: JsonObject, message: AssistantMessage, place: String): B

    protected abstract fun result(id: String, content: MessageContent, isError: Boolean?, place: String): B

    protected open fun user(content: MessageContent, target: MutableList<B>, place: String) =
        content(content, target, place)

    open fun read(messages: List<Message>) {
        messages.forEachIndexed { index, message ->
            val place = "messages[$index]"
            val target = if (message is SystemMessage || message is DeveloperMessage) system else turn(message).blocks
            val before = target.size
            read(message, target, place)
            message.cacheBreakpoint?.let { cache(target, before, it, place) }
            lost(message, place)
        }
        turns.removeAll { it.blocks.isEmpty() }
        if (turns.isEmpty()) {
            throw invalid(
                "messages",
                "messages have no content; $providerId needs at least one text, image or document that is not empty",
            )
        }
        turns.filterNot { it.isModel }.forEach { resultsFirst(it.blocks) }
    }

    private fun resultsFirst(blocks: MutableList<B>) {
        val (results, others) = blocks.partition { it.isToolResult }
        if (results.isEmpty() || others.isEmpty()) return
        blocks.clear()
        blocks += results + others
    }

    fun write(json: JsonWriter) {
        json.beginArray()
        for (turn in turns) {
            json.beginObject().name("role").value(if (turn.isModel) "assistant" else "user")
            json.name("content").beginArray()
            for (block in turn.blocks) block.writeTo(json)
            json.endArray().endObject()
        }
        json.endArray()
    }

    /** Turns of one side are one turn, also when what stood between them was empty. */
    private fun turn(message: Message): Turn<B> {
        val isModel = message is AssistantMessage
        turns.lastOrNull()?.let { if (it.blocks.isEmpty()) turns.removeAt(turns.lastIndex) }
        return turns.lastOrNull()?.takeIf { it.isModel == isModel } ?: Turn<B>(isModel).also { turns += it }
    }

    private fun read(message: Message, target: MutableList<B>, place: String) {
        when (message) {
            is SystemMessage -> instruction(message.content, target, place)

            is DeveloperMessage -> instruction(message.content, target, place)

            is UserMessage -> user(message.content, target, place)

            is AssistantMessage -> {
                message.parts.forEachIndexed { i, part ->
                    answered(part, message, "$place.parts[$i]")?.let(target::add)
                }
                openCalls.clear()
                message.toolCalls.forEach { openCalls[it.name] = it.id }
            }

            is ToolResultMessage -> target += result(message.toolCallId, message.content, message.isError, place)

            is FunctionMessage -> target += result(callOf(message, place), message.content, null, place)
        }
    }

    private fun instruction(content: MessageContent, target: MutableList<B>, place: String) {
        if (turns.isNotEmpty()) {
            warnings += Warning(place, "mapped", "$providerId takes instructions before the conversation only")
        }
        content.parts.forEachIndexed { i, part ->
            if (part !is TextPart && part !is UnknownPart) {
                throw blocks.unsupported("instructions are text, not \"${part.type}\"", "$place.content[$i]")
            }
            blocks.of(part, "$place.content[$i]")?.let(target::add)
        }
    }

    protected fun content(content: MessageContent, target: MutableList<B>, place: String) {
        content.parts.forEachIndexed { i, part ->
            val block = blocks.of(part, "$place.content[$i]")
            if (block != null) target += block else part.cacheBreakpoint?.let { noRoom("$place.content[$i]") }
        }
    }

    private fun answered(part: ContentPart, message: AssistantMessage, place: String): B? = when (part) {
        is TextPart -> said(part, message, place)

        is ReasoningPart -> reasoning(part, message, place)

        is RedactedReasoningPart -> redacted(part, message, place)

        is ToolCallPart -> call(part.toolCall, input(part.toolCall, place), message, place)

        is UnknownPart -> blocks.raw(part, place) ?: drop(place, "it belongs to ${part.provider}")

        is RefusalPart -> blocks.text(TextPart(part.refusal), place).also {
            warnings += Warning(place, "mapped", "sent as text")
        }

        is AudioPart -> part.transcript?.ifEmpty { null }?.let { transcript ->
            warnings += Warning(place, "mapped", "the transcript is sent, the sound is not")
            blocks.text(TextPart(transcript), place)
        } ?: drop(place, "$providerId takes no sound")

        is IncompleteToolCallPart -> drop(place, "an incomplete tool call cannot be sent")

        else -> drop(place, "the protocol has no such part for an assistant")
    }

    private fun input(call: ToolCall, place: String): JsonObject = when {
        call.isCustom -> JsonObject(mapOf("input" to JsonPrimitive(call.function.rawArguments)))

        call.function.rawArguments.isBlank() -> JsonObject(emptyMap())

        else -> call.function.parsed()
            ?: throw invalid(place, "$place: the arguments of the call of \"${call.name}\" are no JSON object")
    }

    private fun callOf(message: FunctionMessage, place: String): String = openCalls.remove(message.name)
        ?: throw blocks.unsupported(
            "a result of function \"${message.name}\" needs the tool call that it answers",
            place,
        )

    /** A prefix ends on the last block of the message that can carry it. */
    private fun cache(target: List<B>, from: Int, breakpoint: CacheBreakpoint, place: String) {
        val block = target.subList(from, target.size).lastOrNull { it.takesCache }
        if (block == null) {
            noRoom(place)
        } else if (block.cache == null) {
            block.cache = breakpoint
        }
    }

    private fun noRoom(place: String) {
        warnings += Warning("$place.cache_breakpoint", "dropped", "there is no block here that can carry it")
    }

    private fun lost(message: Message, place: String) {
        if (message.name != null && message !is ToolResultMessage && message !is FunctionMessage) {
            drop("$place.name", "$providerId does not tell speakers apart")
        }
        // What an answer carried beside the vocabulary means nothing in a request.
        if (message is AssistantMessage && message.provider != null) return
        for ((name, value) in message.extra) {
            if (value !is JsonNull) drop("$place.$name", "$providerId has no such field")
        }
    }

    protected fun drop(place: String, why: String): B? {
        warnings += Warning(place, "dropped", why)
        return null
    }

    protected fun invalid(param: String, message: String) =
        InvalidRequestException(message, ErrorDetails.builder().provider(providerId).param(param).build())
}
