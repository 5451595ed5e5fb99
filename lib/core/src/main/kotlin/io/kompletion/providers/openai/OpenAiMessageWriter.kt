package io.kompletion.providers.openai

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AudioPart
import io.kompletion.chat.CitationPart
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.ImagePart
import io.kompletion.chat.IncompleteToolCallPart
import io.kompletion.chat.Media
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
import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.internal.wire.ImageType
import io.kompletion.internal.wire.JsonWriter
import kotlinx.serialization.json.JsonElement

/** Writes the messages of a request. [systemRole] is what the model calls a system message; null leaves it as it is. */
internal class OpenAiMessageWriter(
    private val json: JsonWriter,
    private val providerId: String,
    private val systemRole: String?,
    private val warnings: MutableList<Warning>,
    private val takesFileUrls: Boolean = false,
) {
    fun write(messages: List<Message>) {
        json.beginArray()
        messages.forEachIndexed { index, message ->
            json.beginObject()
            message(message, "messages[$index]")
            json.endObject()
        }
        json.endArray()
    }

    private fun message(message: Message, place: String) {
        if (message.cacheBreakpoint != null) noBreakpoint(place)
        when (message) {
            is SystemMessage -> plain(systemRole ?: "system", message.content, place)

            is DeveloperMessage -> plain(systemRole ?: "system", message.content, place)

            is UserMessage -> plain("user", message.content, place)

            is AssistantMessage -> assistant(message, place)

            is ToolResultMessage -> {
                json.name("role").value("tool").name("tool_call_id").value(message.toolCallId).name("content")
                toolContent(message, place)
                if (message.isError ==
                    true
                ) {
                    warnings += Warning("$place.is_error", "dropped", "told by the content alone")
                }
            }

            is FunctionMessage -> plain("function", message.content, place)
        }
        if (message !is ToolResultMessage) json.field("name", message.name)
        for ((name, value) in message.extra) if (sendsBack(message, name)) json.field(name, value)
    }

    /** What an answer of another provider carried beside the vocabulary means nothing here. */
    private fun sendsBack(message: Message, name: String): Boolean = message !is AssistantMessage ||
        (isOwn(message) && name !in ANSWER_ONLY)

    private fun isOwn(message: AssistantMessage) = message.provider == null || message.provider == providerId

    private fun plain(role: String, content: MessageContent, place: String) {
        json.name("role").value(role).name("content")
        content(content, place)
    }

    private fun toolContent(message: ToolResultMessage, place: String) {
        val parts = message.content.parts
        if (message.content.isText || message.content.json != null || parts.all { it is TextPart }) {
            json.value(message.content.text)
        } else {
            parts(parts, "$place.content")
        }
    }

    fun content(content: MessageContent, place: String) {
        if (content.isText || content.json != null) json.value(content.text) else parts(content.parts, "$place.content")
    }

    private fun assistant(message: AssistantMessage, place: String) {
        json.name("role").value("assistant")
        val shown = message.parts.filter { it is TextPart || it is RefusalPart }
        val text = shown.filterIsInstance<TextPart>().joinToString("") { it.text }
        val refusal = shown.filterIsInstance<RefusalPart>().joinToString("") { it.refusal }
        if (text.isNotEmpty() || (message.toolCalls.isEmpty() && refusal.isEmpty() && message.audio?.id == null)) {
            json.name("content").value(text)
        } else {
            json.name("content").nullValue()
        }
        if (refusal.isNotEmpty()) json.field("refusal", refusal)
        message.audio?.id?.let { json.name("audio").beginObject().name("id").value(it).endObject() }
        if (message.toolCalls.isNotEmpty()) {
            json.name("tool_calls").beginArray()
            message.toolCalls.forEach { toolCall(it, keepsExtra = isOwn(message)) }
            json.endArray()
        }
        reportLeftOut(message, place)
    }

    private fun reportLeftOut(message: AssistantMessage, place: String) {
        message.parts.forEachIndexed { index, part ->
            val why = when (part) {
                is ReasoningPart, is RedactedReasoningPart -> "reasoning is not sent back over this protocol"
                is IncompleteToolCallPart -> "an incomplete tool call cannot be sent"
                is UnknownPart, is VideoPart, is ImagePart, is DocumentPart, is FilePart -> NO_SUCH_PART
                is AudioPart -> "a recording can be sent back by its id only".takeIf { part.id == null }
                is TextPart, is RefusalPart, is ToolCallPart, is CitationPart -> null
            }
            if (why != null) warnings += Warning("$place.parts[$index]", "dropped", why)
        }
    }

    private fun toolCall(call: ToolCall, keepsExtra: Boolean) {
        json.beginObject().name("id").value(call.id).name("type").value(call.type)
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

    private fun parts(parts: List<ContentPart>, place: String) {
        json.beginArray()
        parts.forEachIndexed { index, part ->
            if (part.cacheBreakpoint != null) noBreakpoint("$place[$index]")
            part(part, "$place[$index]")
        }
        json.endArray()
    }

    private fun part(part: ContentPart, place: String) {
        when (part) {
            is TextPart -> typed("text", part.extra) { json.field("text", part.text) }

            is ImagePart -> typed("image_url", emptyMap()) {
                json.name("image_url").beginObject()
                json.field("url", url(typed(part.media, place), place))
                json.field("detail", part.detail)
                for ((name, value) in part.extra) json.field(name, value)
                json.endObject()
            }

            is AudioPart -> audio(part, place)

            is FilePart -> file(part.media, part.filename, part.extra, place)

            is DocumentPart -> document(part, place)

            is VideoPart -> typed("video_url", part.extra) {
                json.name("video_url").beginObject().name("url").value(url(part.media, place)).endObject()
            }

            is RefusalPart -> typed("refusal", part.extra) { json.field("refusal", part.refusal) }

            is UnknownPart -> json.value(part.raw)

            else -> throw unsupported("a part of type \"${part.type}\" cannot be sent in this message", place)
        }
    }

    /** An image under the type that its bytes have, whatever it was said to be. */
    private fun typed(media: Media, place: String): Media {
        val data = media.data ?: return media
        val found = ImageType.of(data) ?: return media
        if (found == media.mediaType) return media
        if (media.mediaType?.startsWith("image/") == true) {
            warnings += Warning("$place.media_type", "mapped", "the bytes are $found, not ${media.mediaType}")
        }
        return Media.base64(found, data)
    }

    private inline fun typed(type: String, extra: Map<String, JsonElement>, write: () -> Unit) {
        json.beginObject().name("type").value(type)
        write()
        for ((name, value) in extra) json.field(name, value)
        json.endObject()
    }

    private fun audio(part: AudioPart, place: String) {
        val data = part.media.data?.ifEmpty { null } ?: throw unsupported("sound can be sent as data only", place)
        typed("input_audio", emptyMap()) {
            json.name("input_audio").beginObject().name("data").value(data)
            json.field("format", part.format ?: part.media.mediaType?.substringAfter('/'))
            json.endObject()
        }
    }

    private fun document(part: DocumentPart, place: String) {
        val text = part.media.text
        if (text != null) {
            typed("text", emptyMap()) { json.field("text", part.title?.let { "$it\n\n$text" } ?: text) }
            return
        }
        if (part.context != null) warnings += Warning("$place.context", "dropped", "the protocol has no such field")
        if (part.citations == true) warnings += Warning("$place.citations", "dropped", "the protocol has no such field")
        file(part.media, part.title ?: "document.pdf".takeIf { part.media.data != null }, part.extra, place)
    }

    private fun file(media: Media, filename: String?, extra: Map<String, JsonElement>, place: String) {
        if (media.url != null && !takesFileUrls) {
            throw unsupported("a file can be sent as data or by its id, not by URL", place)
        }
        typed("file", emptyMap()) {
            json.name("file").beginObject()
            json.field("file_id", media.fileId)
            json.field("file_data", media.toUrl())
            json.field("filename", filename)
            for ((name, value) in extra) json.field(name, value)
            json.endObject()
        }
    }

    private fun url(media: Media, place: String): String =
        media.toUrl() ?: throw unsupported("this can be sent as data or by URL, not by a file id", place)

    private fun unsupported(message: String, place: String) = UnsupportedParameterException(
        "$place: $message (provider $providerId)",
        ErrorDetails.builder().provider(providerId).param(place).build(),
    )

    private fun noBreakpoint(place: String) {
        warnings += Warning("$place.cache_breakpoint", "dropped", "this protocol has no cache breakpoints")
    }

    private companion object {
        const val NO_SUCH_PART = "the protocol has no such part for an assistant"

        /** Fields of answers that servers refuse in requests. */
        val ANSWER_ONLY =
            setOf("content_filter_results", "native_finish_reason", "matched_stop", "stop_reason", "token_ids")
    }
}
