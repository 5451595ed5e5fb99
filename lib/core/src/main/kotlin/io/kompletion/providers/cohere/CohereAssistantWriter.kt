package io.kompletion.providers.cohere

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.Citation
import io.kompletion.chat.CitationPart
import io.kompletion.chat.ContentPart
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.UnknownPart
import io.kompletion.internal.wire.FieldWriter

/** Writes what the model said before. Plan, thoughts and sources go back to Cohere alone. */
internal class CohereAssistantWriter(private val providerId: String, private val fields: FieldWriter) {
    private val json = fields.json

    fun write(message: AssistantMessage, place: String) {
        val isOwn = message.provider == null || message.provider == providerId
        val shown = ArrayList<ContentPart>()
        message.parts.forEachIndexed { index, part -> if (goes(part, message, "$place.parts[$index]")) shown += part }
        json.name("role").value("assistant")
        content(shown, isEmpty = message.toolCalls.isEmpty())
        for ((name, value) in message.extra) {
            if (message.provider == null || (isOwn && name == CohereAnswerReader.PLAN)) json.field(name, value)
        }
        if (message.toolCalls.isNotEmpty()) calls(message.toolCalls)
        if (isOwn) citations(message.citations.filter { SOURCES in it.extra })
    }

    /** Whether [part] is content that goes out; says what does not go out at all. */
    private fun goes(part: ContentPart, message: AssistantMessage, place: String): Boolean {
        val maker = when (part) {
            is ReasoningPart -> part.provider ?: message.provider
            is UnknownPart -> part.provider ?: message.provider
            else -> null
        } ?: providerId
        when (part) {
            is TextPart -> return part.text.isNotEmpty()

            is ReasoningPart, is UnknownPart -> {
                if (maker == providerId) return true
                fields.drop(place, "it is $maker's own")
            }

            is RefusalPart -> {
                fields.map(place, "sent as text")
                return true
            }

            is ToolCallPart, is CitationPart -> Unit

            else -> fields.drop(place, "Cohere has no such part for an assistant")
        }
        return false
    }

    private fun content(shown: List<ContentPart>, isEmpty: Boolean) {
        if (shown.isEmpty() && !isEmpty) return
        json.name("content")
        if (shown.all { it is TextPart || it is RefusalPart }) {
            json.value(shown.joinToString("") { (it as? TextPart)?.text ?: (it as RefusalPart).refusal })
            return
        }
        json.beginArray()
        shown.forEach(::block)
        json.endArray()
    }

    private fun block(part: ContentPart) {
        when (part) {
            is TextPart -> block("text", part.text)
            is RefusalPart -> block("text", part.refusal)
            is ReasoningPart -> block("thinking", part.text)
            is UnknownPart -> json.value(part.raw)
            else -> error("${part.type} is no content")
        }
    }

    private fun block(type: String, text: String) {
        json.beginObject().name("type").value(type).name(type).value(text).endObject()
    }

    private fun calls(calls: List<ToolCall>) {
        json.name("tool_calls").beginArray()
        for (call in calls) {
            json.beginObject().name("id").value(call.id).name("type").value("function").name("function").beginObject()
            json.name("name").value(call.name).name("arguments").value(call.function.rawArguments.ifBlank { "{}" })
            json.endObject().endObject()
        }
        json.endArray()
    }

    private fun citations(citations: List<Citation>) {
        if (citations.isEmpty()) return
        json.name("citations").beginArray()
        for (citation in citations) {
            json.beginObject()
            json.field("start", citation.startIndex)
            json.field("end", citation.endIndex)
            for ((name, value) in citation.extra) json.field(name, value)
            json.field("type", citation.kind?.takeUnless { it == CohereAnswerReader.NO_KIND })
            json.endObject()
        }
        json.endArray()
    }

    private companion object {
        const val SOURCES = "sources"
    }
}
