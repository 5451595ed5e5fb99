package io.kompletion.providers.anthropic

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.Citation
import io.kompletion.chat.Message
import io.kompletion.chat.MessageContent
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RedactedReasoningPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.Warning
import io.kompletion.internal.wire.CallIds
import io.kompletion.internal.wire.ConversationWriter
import io.kompletion.internal.wire.JsonWriter
import kotlinx.serialization.json.JsonObject

/** Puts a conversation into Anthropic's messages. */
internal class AnthropicMessageWriter(
    private val platform: AnthropicPlatform,
    private val model: AnthropicModel,
    warnings: MutableList<Warning>,
) : ConversationWriter<Block>(platform.providerId, warnings, AnthropicBlocks(platform, warnings)) {
    private val ids = CallIds(warnings)

    /** Whether the beginning of an answer is one of a server's tool that waits to go on. */
    val endsWithPause: Boolean get() = lastBlocks.any { it.type.isServerTool() }

    /** How many breakpoints are set on the blocks. */
    val breakpoints: Int get() = marked.size

    override fun read(messages: List<Message>) =
        super.read(if (messages.isEmpty()) messages else messages.dropLast(1) + trimmed(messages.last()))

    /** The beginning of an answer must not end with white space. */
    private fun trimmed(message: Message): Message {
        val last = (message as? AssistantMessage)?.parts?.lastOrNull() as? TextPart ?: return message
        val text = last.text.trimEnd()
        if (text == last.text) return message
        warnings += Warning("messages", "mapped", "the white space at the end of the last message is cut off")
        return message.copy(parts = message.parts.dropLast(1) + last.copy(text = text))
    }

    override fun said(part: TextPart, message: AssistantMessage, place: String): Block? {
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
    override fun reasoning(part: ReasoningPart, message: AssistantMessage, place: String): Block? {
        if (!platform.takesFrom(part.provider ?: message.provider)) return drop(place, FOREIGN_THINKING)
        if (part.signature == null && model.isKnown) return drop(place, "thinking without a signature is refused")
        return Block("thinking", takesCache = false) {
            field("type", "thinking")
            field("thinking", part.text)
            field("signature", part.signature)
        }
    }

    override fun redacted(part: RedactedReasoningPart, message: AssistantMessage, place: String): Block? {
        if (!platform.takesFrom(part.provider ?: message.provider)) return drop(place, FOREIGN_THINKING)
        return Block("redacted_thinking", takesCache = false) {
            field("type", "redacted_thinking")
            field("data", part.data)
        }
    }

    override fun call(call: ToolCall, input: JsonObject, message: AssistantMessage, place: String) = Block("tool_use") {
        field("type", "tool_use")
        field("id", ids.of(call.id, place))
        field("name", ids.name(call.name, place))
        name("input").value(input)
        if (platform.takesFrom(message.provider)) for ((name, value) in call.extra) field(name, value)
    }

    override fun result(id: String, content: MessageContent, isError: Boolean?, place: String): Block {
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

    private companion object {
        const val FOREIGN_THINKING = "thinking goes back only to the provider that made it"
        val TITLED = setOf("web_search_result_location", "search_result_location")

        fun String.isServerTool() = this == "server_tool_use" || this == "mcp_tool_use" ||
            (this != TOOL_RESULT && endsWith("_tool_result"))
    }
}
