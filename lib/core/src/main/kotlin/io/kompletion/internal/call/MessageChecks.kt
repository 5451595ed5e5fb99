package io.kompletion.internal.call

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AudioPart
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Message
import io.kompletion.chat.MessageContent
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UnknownPart
import io.kompletion.chat.UserMessage
import io.kompletion.chat.VideoPart
import io.kompletion.internal.call.RequestChecks.fail
import io.kompletion.internal.call.RequestChecks.shown

/** What every provider needs of a conversation. */
internal object MessageChecks {
    fun check(messages: List<Message>, where: String) {
        if (messages.isEmpty()) fail(where, "$where is empty; add at least one user message")
        if (messages.all { it is SystemMessage || it is DeveloperMessage }) {
            fail(where, "$where has only instructions; add at least one user message")
        }
        messages.forEachIndexed { index, message -> message(message, "$where[$index]") }
        ToolHistoryChecks.check(messages, where)
    }

    private fun message(message: Message, place: String) {
        when (message) {
            is SystemMessage -> content(message.content, "$place.content")
            is DeveloperMessage -> content(message.content, "$place.content")
            is UserMessage -> content(message.content, "$place.content")
            is ToolResultMessage -> content(message.content, "$place.content")
            is FunctionMessage -> content(message.content, "$place.content")
            is AssistantMessage -> message.parts.forEachIndexed { i, part -> part(part, "$place.parts[$i]") }
        }
        message.name?.let { TextChecks.text(it, "$place.name") }
        breakpoint(message.cacheBreakpoint, place)
    }

    fun content(content: MessageContent, place: String) {
        val json = content.json
        when {
            content.isText -> TextChecks.text(content.text, place)
            json != null -> SchemaChecks.json(json, place)
            else -> content.parts.forEachIndexed { i, part -> part(part, "$place[$i]") }
        }
    }

    private fun part(part: ContentPart, place: String) {
        when (part) {
            is TextPart -> TextChecks.text(part.text, place)

            is ReasoningPart -> TextChecks.text(part.text, place)

            is RefusalPart -> TextChecks.text(part.refusal, place)

            is ToolCallPart -> TextChecks.text(part.toolCall.function.rawArguments, "$place.arguments")

            is ImagePart -> MediaChecks.check(part.media, place)

            is DocumentPart -> {
                MediaChecks.check(part.media, place)
                part.title?.let { TextChecks.text(it, "$place.title") }
            }

            is VideoPart -> MediaChecks.check(part.media, place)

            is FilePart -> MediaChecks.check(part.media, place)

            is AudioPart -> if (part.media.data?.isEmpty() != true) MediaChecks.check(part.media, place)

            is UnknownPart -> SchemaChecks.json(part.raw, place)

            else -> Unit
        }
        breakpoint(part.cacheBreakpoint, place)
    }

    fun breakpoint(breakpoint: CacheBreakpoint?, place: String) {
        val ttl = breakpoint?.ttl ?: return
        if (ttl == "5m" || ttl == "1h") return
        fail(
            "$place.cache_breakpoint",
            "$place.cache_breakpoint.ttl must be \"5m\" or \"1h\", got \"${shown(ttl)}\"",
        )
    }
}
