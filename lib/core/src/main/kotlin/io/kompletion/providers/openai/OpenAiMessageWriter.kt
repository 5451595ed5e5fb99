package io.kompletion.providers.openai

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AudioPart
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.CitationPart
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.ImagePart
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
import io.kompletion.chat.VideoPart
import io.kompletion.chat.Warning
import io.kompletion.internal.wire.JsonWriter

/**
 * Writes the messages of a request. [systemRole] is what the model calls a system message; null leaves it as it is.
 */
internal class OpenAiMessageWriter(
    private val json: JsonWriter,
    private val providerId: String,
    private val systemRole: String?,
    private val warnings: MutableList<Warning>,
    dialect: OpenAiDialect,
) {
    private val parts = OpenAiPartWriter(json, providerId, warnings, dialect)
    private val form = dialect.messages
    private val reasoningField = dialect.reasoningField
    private val alwaysReasons = dialect.alwaysReasons

    fun write(messages: List<Message>) {
        json.beginArray()
        messages.forEachIndexed { index, message ->
            json.beginObject()
            message(message, "messages[$index]")
            if (index == messages.lastIndex) prefix(message)
            json.endObject()
        }
        json.endArray()
    }

    /** The answer goes on with what the last message begins. */
    private fun prefix(message: Message) {
        val field = form.prefix ?: return
        if (message is AssistantMessage && message.toolCalls.isEmpty() && field !in message.extra) {
            json.field(field, true)
        }
    }

    private fun message(message: Message, place: String) {
        val mark = message.cacheBreakpoint?.let { parts.taken(it, place) }
        when (message) {
            is SystemMessage -> plain(systemRole ?: "system", message.content, place, mark)

            is DeveloperMessage -> plain(systemRole ?: "system", message.content, place, mark)

            is UserMessage -> plain("user", message.content, place, mark)

            is AssistantMessage -> assistant(message, place, mark)

            is ToolResultMessage -> {
                json.name(
                    "role",
                ).value("tool").name("tool_call_id").value(form.callId(message.toolCallId)).name("content")
                toolContent(message, place, mark)
                if (message.isError ==
                    true
                ) {
                    warnings += Warning("$place.is_error", "dropped", "told by the content alone")
                }
            }

            is FunctionMessage -> plain("function", message.content, place, mark)
        }
        if (message !is ToolResultMessage) name(message, place)
        for ((name, value) in message.extra) if (sendsBack(message, name)) json.field(name, value)
    }

    private fun name(message: Message, place: String) {
        if (form.takesNames) return json.field("name", message.name)
        if (message.name != null) warnings += Warning("$place.name", "dropped", "$providerId takes none here")
    }

    /** What an answer of another provider carried beside the vocabulary means nothing here. */
    private fun sendsBack(message: Message, name: String): Boolean = message !is AssistantMessage ||
        (isOwn(message) && name !in ANSWER_ONLY)

    private fun isOwn(message: AssistantMessage) = message.provider == null || message.provider == providerId

    private fun plain(role: String, content: MessageContent, place: String, mark: CacheBreakpoint?) {
        json.name("role").value(role).name("content")
        content(content, place, mark)
    }

    private fun toolContent(message: ToolResultMessage, place: String, mark: CacheBreakpoint?) {
        val texts = message.content.parts
        if (message.content.isText || message.content.json != null || texts.all { it is TextPart }) {
            parts.text(message.content.text, place, mark ?: lastOf(texts)?.let { parts.taken(it, "$place.content") })
        } else {
            parts.list(texts, "$place.content", mark)
        }
    }

    fun content(content: MessageContent, place: String, mark: CacheBreakpoint? = null) {
        if (content.isText || content.json != null) {
            parts.text(content.text, place, mark)
        } else {
            parts.list(content.parts, "$place.content", mark)
        }
    }

    private fun assistant(message: AssistantMessage, place: String, mark: CacheBreakpoint?) {
        json.name("role").value("assistant")
        val shown = message.parts.filter { it is TextPart || it is RefusalPart }
        val text = shown.filterIsInstance<TextPart>().joinToString("") { it.text }
        val refusal = shown.filterIsInstance<RefusalPart>().joinToString("") { it.refusal }
        val thoughts = if (form.thinksInParts) message.parts.filter { takesReasoning(it, message) } else emptyList()
        if (thoughts.isNotEmpty()) {
            json.name("content")
            parts.thoughts(thoughts.map { (it as ReasoningPart).text }, text)
        } else if (text.isNotEmpty() ||
            (message.toolCalls.isEmpty() && refusal.isEmpty() && message.audio?.id == null)
        ) {
            json.name("content")
            parts.text(text, place, mark ?: lastOf(message.parts)?.let { parts.taken(it, place) })
        } else {
            json.name("content").nullValue()
            if (mark != null) parts.noBreakpoint(place, "a message without text cannot carry one")
        }
        if (refusal.isNotEmpty()) json.field("refusal", refusal)
        if (reasoningField != null) {
            val reasoning = message.parts.filter { takesReasoning(it, message) }
            if (reasoning.isNotEmpty() || alwaysReasons) {
                json.field(reasoningField, reasoning.joinToString("") { (it as ReasoningPart).text })
            }
        }
        message.audio?.id?.let { json.name("audio").beginObject().name("id").value(it).endObject() }
        if (message.toolCalls.isNotEmpty()) {
            json.name("tool_calls").beginArray()
            message.toolCalls.forEach { toolCall(it, keepsExtra = isOwn(message)) }
            json.endArray()
        }
        reportLeftOut(message, place)
    }

    private fun takesReasoning(part: ContentPart, message: AssistantMessage) =
        (reasoningField != null || form.thinksInParts) && part is ReasoningPart &&
            (part.provider ?: message.provider ?: providerId) == providerId

    private fun reportLeftOut(message: AssistantMessage, place: String) {
        message.parts.forEachIndexed { index, part ->
            val why = when (part) {
                is ReasoningPart, is RedactedReasoningPart ->
                    "reasoning is not sent back over this protocol".takeUnless { takesReasoning(part, message) }

                is IncompleteToolCallPart -> "an incomplete tool call cannot be sent"

                is UnknownPart, is VideoPart, is ImagePart, is DocumentPart, is FilePart -> NO_SUCH_PART

                is AudioPart -> "a recording can be sent back by its id only".takeIf { part.id == null }

                is TextPart, is RefusalPart, is ToolCallPart, is CitationPart -> null
            }
            if (why != null) warnings += Warning("$place.parts[$index]", "dropped", why)
        }
    }

    private fun toolCall(call: ToolCall, keepsExtra: Boolean) {
        json.beginObject().name("id").value(form.callId(call.id)).name("type").value(call.type)
        json.name(if (call.isCustom) "custom" else "function").beginObject().name("name").value(call.name)
        json.name(if (call.isCustom) "input" else "arguments").value(
            call.function.rawArguments.ifEmpty {
                if (call.isCustom) "" else "{}"
            },
        )
        json.endObject()
        if (keepsExtra) for ((name, value) in call.extra) json.field(name, value)
        json.endObject()
    }

    private fun lastOf(parts: List<ContentPart>): CacheBreakpoint? =
        parts.lastOrNull { it.cacheBreakpoint != null }?.cacheBreakpoint

    private companion object {
        const val NO_SUCH_PART = "the protocol has no such part for an assistant"

        /** Fields of answers that servers refuse in requests. */
        val ANSWER_ONLY =
            setOf("content_filter_results", "native_finish_reason", "matched_stop", "stop_reason", "token_ids")
    }
}
