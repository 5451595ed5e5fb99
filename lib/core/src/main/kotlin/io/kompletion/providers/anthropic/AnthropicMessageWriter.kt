package io.kompletion.providers.anthropic

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AudioPart
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.Citation
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
import io.kompletion.internal.wire.JsonWriter
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Puts a conversation into Anthropic's order: instructions apart, users and the model in turn, the results of tools
 * first in the turn after their calls.
 */
internal class AnthropicMessageWriter(
    private val platform: AnthropicPlatform,
    private val model: AnthropicModel,
    private val warnings: MutableList<Warning>,
) {
    private class Turn(val role: String) {
        val blocks = ArrayList<Block>()
    }

    private val providerId = platform.providerId
    private val blocks = AnthropicBlocks(platform, warnings)
    private val ids = AnthropicIds(warnings)
    private val turns = ArrayList<Turn>()

    /** The instructions, each a block of its own. */
    val system = ArrayList<Block>()

    /** Calls without a result so far, by name, for results that do not say which call they answer. */
    private val openCalls = LinkedHashMap<String, String>()

    /** Whether the conversation ends with the beginning of an answer. */
    val endsWithAssistant: Boolean get() = turns.lastOrNull()?.role == ASSISTANT

    /** Whether that beginning is an answer of a server's tool that waits to go on. */
    val endsWithPause: Boolean get() = turns.lastOrNull()?.blocks.orEmpty().any { it.type.isServerTool() }

    /** How many breakpoints are set on the blocks. */
    val breakpoints: Int get() = (system + turns.flatMap { it.blocks }).count { it.cache != null }

    fun read(messages: List<Message>) {
        messages.forEachIndexed { index, given ->
            val message = if (index == messages.lastIndex) trimmed(given) else given
            val place = "messages[$index]"
            val target = if (message is SystemMessage || message is DeveloperMessage) system else turn(message).blocks
            val before = target.size
            read(message, target, place)
            message.cacheBreakpoint?.let { cache(target, before, it, place) }
            lost(message, place)
        }
        turns.removeAll { it.blocks.isEmpty() }
        if (turns.isEmpty()) {
            throw InvalidRequestException(
                "messages have no content; $providerId needs at least one text, image or document that is not empty",
                ErrorDetails.builder().param("messages").build(),
            )
        }
        for (turn in turns) {
            val (results, others) = turn.blocks.partition { it.type == TOOL_RESULT }
            if (results.isNotEmpty() && others.isNotEmpty()) {
                turn.blocks.clear()
                turn.blocks += results + others
            }
        }
    }

    /** The beginning of an answer must not end with white space. */
    private fun trimmed(message: Message): Message {
        val last = (message as? AssistantMessage)?.parts?.lastOrNull() as? TextPart ?: return message
        val text = last.text.trimEnd()
        if (text == last.text) return message
        warnings += Warning("messages", "mapped", "the white space at the end of the last message is cut off")
        return message.copy(parts = message.parts.dropLast(1) + last.copy(text = text))
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

    private fun read(message: Message, target: MutableList<Block>, place: String) {
        when (message) {
            is SystemMessage -> instruction(message.content, target, place)

            is DeveloperMessage -> instruction(message.content, target, place)

            is UserMessage -> content(message.content, target, place)

            is AssistantMessage -> message.parts.forEachIndexed { i, part ->
                said(part, message, target, "$place.parts[$i]")
            }

            is ToolResultMessage -> target += result(message.toolCallId, message.content, message.isError, place)

            is FunctionMessage -> target += result(callOf(message, place), message.content, null, place)
        }
        if (message is AssistantMessage) {
            openCalls.clear()
            message.toolCalls.forEach { openCalls[it.name] = it.id }
        }
    }

    private fun instruction(content: MessageContent, target: MutableList<Block>, place: String) {
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

    private fun content(content: MessageContent, target: MutableList<Block>, place: String) {
        content.parts.forEachIndexed { i, part ->
            val block = blocks.of(part, "$place.content[$i]")
            if (block != null) target += block else part.cacheBreakpoint?.let { noRoom("$place.content[$i]") }
        }
    }

    private fun result(id: String, content: MessageContent, isError: Boolean?, place: String): Block {
        val isPlain = content.isText || content.json != null
        val inner = ArrayList<Block>()
        if (!isPlain) content(content, inner, place)
        return Block(TOOL_RESULT) {
            field("type", TOOL_RESULT)
            field("tool_use_id", ids.of(id, place))
            if (isPlain) {
                field("content", content.text.ifEmpty { null })
            } else if (inner.isNotEmpty()) {
                name("content").beginArray()
                for (block in inner) block.writeTo(this)
                endArray()
            }
            if (isError == true) field("is_error", true)
        }
    }

    private fun callOf(message: FunctionMessage, place: String): String = openCalls.remove(message.name)
        ?: throw blocks.unsupported(
            "a result of function \"${message.name}\" needs the tool call that it answers",
            place,
        )

    private fun said(part: ContentPart, message: AssistantMessage, target: MutableList<Block>, place: String) {
        val block = when (part) {
            is TextPart -> text(part, place)

            is ReasoningPart -> thinking(part, message, place)

            is RedactedReasoningPart -> if (platform.takesFrom(part.provider ?: message.provider)) {
                Block("redacted_thinking", takesCache = false) {
                    field("type", "redacted_thinking")
                    field("data", part.data)
                }
            } else {
                drop(place, FOREIGN_THINKING)
            }

            is ToolCallPart -> call(part.toolCall, message, place)

            is UnknownPart -> blocks.raw(part, place) ?: drop(place, "it belongs to ${part.provider}")

            is RefusalPart -> blocks.text(TextPart(part.refusal)).also {
                warnings += Warning(place, "mapped", "sent as text")
            }

            is AudioPart -> part.transcript?.ifEmpty { null }?.let { transcript ->
                warnings += Warning(place, "mapped", "the transcript is sent, the sound is not")
                blocks.text(TextPart(transcript))
            } ?: drop(place, "$providerId takes no sound")

            is IncompleteToolCallPart -> drop(place, "an incomplete tool call cannot be sent")

            else -> drop(place, "the protocol has no such part for an assistant")
        }
        if (block != null) target += block
    }

    private fun drop(place: String, why: String): Block? {
        warnings += Warning(place, "dropped", why)
        return null
    }

    private fun text(part: TextPart, place: String): Block? {
        if (part.text.isEmpty()) return null
        val (own, foreign) = part.citations.partition { it.kind?.endsWith("_location") == true }
        if (foreign.isNotEmpty()) warnings += Warning("$place.citations", "dropped", "they belong to another provider")
        return Block("text", part.cacheBreakpoint) {
            field("type", "text")
            field("text", part.text)
            if (own.isNotEmpty()) {
                name("citations").beginArray()
                for (citation in own) citation(citation)
                endArray()
            }
            for ((name, value) in part.extra) field(name, value)
        }
    }

    private fun JsonWriter.citation(citation: Citation) {
        beginObject()
        field("type", citation.kind)
        field("url", citation.url)
        val name = if (citation.kind in TITLED) "title" else "document_title"
        citation.title?.let { field(name, it) } ?: name(name).nullValue()
        field("cited_text", citation.citedText)
        for ((field, value) in citation.extra) if (field != name) field(field, value)
        endObject()
    }

    /** Thinking goes back as it came, with its signature, to who made it. */
    private fun thinking(part: ReasoningPart, message: AssistantMessage, place: String): Block? {
        if (!platform.takesFrom(part.provider ?: message.provider)) return drop(place, FOREIGN_THINKING)
        if (part.signature == null && model.isKnown) return drop(place, "thinking without a signature is refused")
        return Block("thinking", takesCache = false) {
            field("type", "thinking")
            field("thinking", part.text)
            field("signature", part.signature)
        }
    }

    private fun call(call: ToolCall, message: AssistantMessage, place: String): Block {
        val input = if (call.isCustom) {
            JsonObject(mapOf("input" to JsonPrimitive(call.function.rawArguments)))
        } else if (call.function.rawArguments.isBlank()) {
            JsonObject(emptyMap())
        } else {
            call.function.parsed() ?: throw InvalidRequestException(
                "$place: the arguments of the call of \"${call.name}\" are no JSON object",
                ErrorDetails.builder().param(place).build(),
            )
        }
        return Block("tool_use") {
            field("type", "tool_use")
            field("id", ids.of(call.id, place))
            field("name", ids.name(call.name, place))
            name("input").value(input)
            if (platform.takesFrom(message.provider)) for ((name, value) in call.extra) field(name, value)
        }
    }

    /** A prefix ends on the last block of the message that can carry it. */
    private fun cache(target: List<Block>, from: Int, breakpoint: CacheBreakpoint, place: String) {
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

    private companion object {
        const val ASSISTANT = "assistant"
        const val TOOL_RESULT = "tool_result"
        const val FOREIGN_THINKING = "thinking goes back only to the provider that made it"
        val TITLED = setOf("web_search_result_location", "search_result_location")

        fun String.isServerTool() = this == "server_tool_use" || this == "mcp_tool_use" ||
            (this != TOOL_RESULT && endsWith("_tool_result"))
    }
}

/**
 * Names and ids of calls that other providers gave, in the letters that Anthropic takes; the same everywhere.
 *
 * @param fit makes an id that is taken out of any
 */
internal class AnthropicIds(
    private val warnings: MutableList<Warning>,
    private val fit: (String) -> String = { it.replace(NOT_ALLOWED, "_").ifEmpty { "_" } },
) {
    private val known = HashMap<String, String>()
    private val taken = HashSet<String>()

    fun of(id: String, place: String): String = known.getOrPut(id) {
        val base = fit(id)
        val free = generateSequence(0) { it + 1 }.map { if (it == 0) base else "${base}_$it" }.first(taken::add)
        if (free != id) warnings += Warning("$place.id", "mapped", "sent as \"$free\"")
        free
    }

    fun name(name: String, place: String): String {
        val sent = name.replace(NOT_ALLOWED, "_").take(MOST)
        if (sent != name) warnings += Warning("$place.name", "mapped", "sent as \"$sent\"")
        return sent
    }

    private companion object {
        const val MOST = 64
        val NOT_ALLOWED = Regex("[^a-zA-Z0-9_-]")
    }
}
