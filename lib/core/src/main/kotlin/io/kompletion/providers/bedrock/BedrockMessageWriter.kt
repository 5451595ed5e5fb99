package io.kompletion.providers.bedrock

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AudioPart
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.FunctionMessage
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
import io.kompletion.internal.wire.JsonWriter
import io.kompletion.providers.anthropic.AnthropicIds
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.security.MessageDigest

/**
 * Puts a conversation into the order of Converse: instructions apart, users and the model in turn, the user first, the
 * results of tools first in the turn after their calls.
 */
internal class BedrockMessageWriter(
    private val providerId: String,
    private val model: BedrockModel,
    private val warnings: MutableList<Warning>,
) {
    private class Turn(val role: String) {
        val blocks = ArrayList<BedrockBlock>()
    }

    private val blocks = BedrockBlocks(providerId, warnings)
    private val ids = AnthropicIds(warnings, ::fitted)
    private val turns = ArrayList<Turn>()

    /** Calls without a result so far, by name, for results that do not say which call they answer. */
    private val openCalls = LinkedHashMap<String, String>()

    /** The instructions, each a block of its own. */
    val system = ArrayList<BedrockBlock>()

    /** Names of the tools that were called, in order. */
    val called = LinkedHashSet<String>()

    val endsWithAssistant: Boolean get() = turns.lastOrNull()?.role == ASSISTANT

    fun read(messages: List<Message>) {
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
        if (turns[0].role == ASSISTANT) {
            throw invalid("messages", "$providerId wants the conversation to begin with a user message")
        }
        for (turn in turns.filter { it.role != ASSISTANT }) {
            val (results, others) = turn.blocks.partition { it.kind == TOOL_RESULT }
            if (results.isNotEmpty() && others.isNotEmpty()) {
                turn.blocks.clear()
                turn.blocks += results + others
            }
        }
        if (!model.caches) noCache()
    }

    private fun noCache() {
        val marked = (system + turns.flatMap { it.blocks }).filter { it.cache != null }
        if (marked.isEmpty()) return
        marked.forEach { it.cache = null }
        warnings += Warning("messages.cache_breakpoint", "dropped", "the model has no prompt caching")
    }

    fun write(json: JsonWriter) {
        json.beginArray()
        for (turn in turns) {
            json.beginObject().name("role").value(turn.role).name("content").beginArray()
            for (block in turn.blocks) block.writeTo(json)
            json.endArray().endObject()
        }
        json.endArray()
    }

    private fun turn(message: Message): Turn {
        val role = if (message is AssistantMessage) ASSISTANT else "user"
        // Turns of one role are one turn, also when what stood between them was empty.
        turns.lastOrNull()?.let { if (it.blocks.isEmpty()) turns.removeAt(turns.lastIndex) }
        return turns.lastOrNull()?.takeIf { it.role == role } ?: Turn(role).also { turns += it }
    }

    private fun read(message: Message, target: MutableList<BedrockBlock>, place: String) {
        when (message) {
            is SystemMessage -> instruction(message.content, target, place)

            is DeveloperMessage -> instruction(message.content, target, place)

            is UserMessage -> user(message.content, target, place)

            is AssistantMessage -> {
                message.parts.forEachIndexed { i, part -> said(part, message, target, "$place.parts[$i]") }
                openCalls.clear()
                message.toolCalls.forEach { openCalls[it.name] = it.id }
            }

            is ToolResultMessage -> target += result(message.toolCallId, message.content, message.isError, place)

            is FunctionMessage -> target += result(callOf(message, place), message.content, null, place)
        }
    }

    private fun instruction(content: MessageContent, target: MutableList<BedrockBlock>, place: String) {
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

    private fun user(content: MessageContent, target: MutableList<BedrockBlock>, place: String) {
        val before = target.size
        content(content, target, place)
        val added = target.subList(before, target.size)
        if (added.any { it.kind == "document" } && target.none { it.kind == "text" || it.kind == "guardContent" }) {
            throw invalid(place, "$place has a document and no text; $providerId wants a text beside documents")
        }
    }

    private fun content(content: MessageContent, target: MutableList<BedrockBlock>, place: String) {
        content.parts.forEachIndexed { i, part ->
            val block = blocks.of(part, "$place.content[$i]")
            if (block != null) target += block else part.cacheBreakpoint?.let { noRoom("$place.content[$i]") }
        }
    }

    private fun result(id: String, content: MessageContent, isError: Boolean?, place: String): BedrockBlock {
        val inner = ArrayList<BedrockBlock>()
        val json = content.json as? JsonObject
        if (json != null) inner += BedrockBlock("json") { value(json) } else content(content, inner, place)
        return BedrockBlock(TOOL_RESULT) {
            beginObject()
            field("toolUseId", ids.of(id, place))
            name("content").beginArray()
            for (block in inner) block.writeTo(this)
            endArray()
            if (isError != null) field("status", if (isError) "error" else "success")
            endObject()
        }
    }

    private fun callOf(message: FunctionMessage, place: String): String = openCalls.remove(message.name)
        ?: throw blocks.unsupported(
            "a result of function \"${message.name}\" needs the tool call that it answers",
            place,
        )

    private fun said(part: ContentPart, message: AssistantMessage, target: MutableList<BedrockBlock>, place: String) {
        val block = when (part) {
            is TextPart -> text(part, message, place)

            is ReasoningPart -> reasoning(part, message, place)

            is RedactedReasoningPart -> if (isOwn(part.provider, message)) {
                BedrockBlock(REASONING, takesCache = false) {
                    beginObject().name("redactedContent").value(part.data).endObject()
                }
            } else {
                drop(place, FOREIGN_REASONING)
            }

            is ToolCallPart -> call(part.toolCall, place)

            is UnknownPart -> blocks.raw(part, place) ?: drop(place, "it belongs to ${part.provider}")

            is RefusalPart -> blocks.text(TextPart(part.refusal), place).also {
                warnings += Warning(place, "mapped", "sent as text")
            }

            is AudioPart -> part.transcript?.ifEmpty { null }?.let { transcript ->
                warnings += Warning(place, "mapped", "the transcript is sent, the sound is not")
                blocks.text(TextPart(transcript), place)
            } ?: drop(place, "$providerId takes no sound")

            else -> drop(place, "the protocol has no such part for an assistant")
        }
        if (block != null) target += block
    }

    private fun drop(place: String, why: String): BedrockBlock? {
        warnings += Warning(place, "dropped", why)
        return null
    }

    private fun text(part: TextPart, message: AssistantMessage, place: String): BedrockBlock? {
        val plain = blocks.text(part, place) ?: return null
        if (part.citations.isEmpty()) return plain
        if (message.provider != providerId) {
            warnings += Warning("$place.citations", "dropped", "they belong to another provider")
            return plain
        }
        return BedrockBlock("citationsContent", part.cacheBreakpoint) {
            beginObject().name(
                "content",
            ).beginArray().beginObject().name("text").value(part.text).endObject().endArray()
            name("citations").beginArray()
            for (citation in part.citations) {
                beginObject()
                field("title", citation.title)
                for ((name, value) in citation.extra) field(name, value)
                endObject()
            }
            endArray().endObject()
        }
    }

    /** Reasoning goes back as it came, with its signature, to the maker's models. */
    private fun reasoning(part: ReasoningPart, message: AssistantMessage, place: String): BedrockBlock? {
        if (!isOwn(part.provider, message) && !isClaudes(part, message)) return drop(place, FOREIGN_REASONING)
        if (part.signature == null && model.isClaude) return drop(place, "reasoning without a signature is refused")
        return BedrockBlock(REASONING, takesCache = false) {
            beginObject().name("reasoningText").beginObject()
            field("text", part.text)
            field("signature", part.signature)
            endObject().endObject()
        }
    }

    private fun isOwn(maker: String?, message: AssistantMessage): Boolean {
        val provider = maker ?: message.provider
        if (provider != null && provider != providerId) return false
        return provider == null || message.model == null || BedrockModel.of(message.model).vendor == model.vendor
    }

    /** A signature of Claude is good wherever Claude is served. */
    private fun isClaudes(part: ReasoningPart, message: AssistantMessage) =
        model.isClaude && part.signature != null && (part.provider ?: message.provider) in CLAUDES

    private fun call(call: ToolCall, place: String): BedrockBlock {
        val input: JsonElement = if (call.isCustom) {
            JsonObject(mapOf("input" to JsonPrimitive(call.function.rawArguments)))
        } else if (call.function.rawArguments.isBlank()) {
            JsonObject(emptyMap())
        } else {
            call.function.parsed()
                ?: throw invalid(place, "$place: the arguments of the call of \"${call.name}\" are no JSON object")
        }
        val name = ids.name(call.name, place)
        called += name
        return BedrockBlock("toolUse") {
            beginObject()
            field("toolUseId", ids.of(call.id, place))
            field("name", name)
            name("input").value(input)
            endObject()
        }
    }

    /** A prefix ends on the last block of the message that can carry it. */
    private fun cache(target: List<BedrockBlock>, from: Int, breakpoint: CacheBreakpoint, place: String) {
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
        for (name in message.extra.keys) drop("$place.$name", "$providerId has no such field")
    }

    private fun invalid(param: String, message: String) =
        InvalidRequestException(message, ErrorDetails.builder().provider(providerId).param(param).build())

    /** An id of a call in the letters and the length that the model takes. */
    private fun fitted(id: String): String {
        val isFit = if (model.hasShortIds) SHORT_ID.matches(id) else ID.matches(id)
        if (isFit) return id
        val digest = MessageDigest.getInstance("SHA-256").digest(id.encodeToByteArray())
        val letters = digest.joinToString("") { (it.toInt() and 0xFF).toString(RADIX) }
        return if (model.hasShortIds) letters.take(SHORT) else letters.take(LONG)
    }

    private companion object {
        const val ASSISTANT = "assistant"
        const val TOOL_RESULT = "toolResult"
        const val REASONING = "reasoningContent"
        const val FOREIGN_REASONING = "reasoning goes back only to the maker of the model"
        const val SHORT = 9
        const val LONG = 32
        const val RADIX = 36
        val SHORT_ID = Regex("[a-zA-Z0-9]{9}")
        val ID = Regex("[a-zA-Z0-9_-]{1,64}")
        val CLAUDES = setOf("anthropic", "anthropic_vertex", "anthropic_bedrock")
    }
}
