package io.kompletion.internal.cache

import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.AssistantMessageSentenceChunk
import io.kompletion.chat.AudioPart
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Choice
import io.kompletion.chat.CitationPart
import io.kompletion.chat.ContentPart
import io.kompletion.chat.ContentPartChunk
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.ImagePart
import io.kompletion.chat.IncompleteToolCallPart
import io.kompletion.chat.Media
import io.kompletion.chat.ReasoningDeltaChunk
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RedactedReasoningPart
import io.kompletion.chat.RefusalDeltaChunk
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallChunk
import io.kompletion.chat.ToolCallDeltaChunk
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.UnknownChunk
import io.kompletion.chat.UnknownPart
import io.kompletion.chat.VideoPart
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Roughly how many bytes something takes: its texts, and a little for what holds them. Writes nothing. */
internal object Weight {
    private const val OBJECT = 64

    fun of(response: ChatCompletionResponse): Int = OBJECT + response.choices.sumOf(::of) + of(response.extra)

    private fun of(choice: Choice): Int =
        OBJECT + choice.message.parts.sumOf(::of) + of(choice.logprobs) + of(choice.message.extra) + of(choice.extra)

    fun of(chunk: ChatCompletionChunk): Int = OBJECT + when (chunk) {
        is AssistantMessageDeltaChunk -> chunk.content.length + of(chunk.logprobs)
        is AssistantMessageSentenceChunk -> chunk.sentence.length
        is ReasoningDeltaChunk -> chunk.reasoning.length
        is RefusalDeltaChunk -> chunk.refusal.length
        is ToolCallDeltaChunk -> chunk.arguments.length
        is ToolCallChunk -> of(chunk.toolCall)
        is ContentPartChunk -> of(chunk.part)
        is FinalResponseChunk -> of(chunk.response)
        is UnknownChunk -> of(chunk.raw)
        else -> 0
    }

    private fun of(part: ContentPart): Int = OBJECT + of(part.extra) + when (part) {
        is TextPart -> part.text.length + length(part.thoughtSignature) + part.citations.size * OBJECT
        is ImagePart -> of(part.media)
        is DocumentPart -> of(part.media)
        is AudioPart -> of(part.media) + length(part.transcript)
        is VideoPart -> of(part.media)
        is FilePart -> of(part.media)
        is ReasoningPart -> part.text.length + length(part.signature)
        is RedactedReasoningPart -> part.data.length
        is ToolCallPart -> of(part.toolCall)
        is IncompleteToolCallPart -> of(part.toolCall)
        is RefusalPart -> part.refusal.length
        is CitationPart -> OBJECT
        is UnknownPart -> of(part.raw)
    }

    private fun of(media: Media): Int = length(media.data) + length(media.text) + length(media.url)

    private fun of(call: ToolCall): Int =
        call.function.rawArguments.length + length(call.thoughtSignature) + of(call.extra)

    private fun of(fields: Map<String, JsonElement>): Int = fields.entries.sumOf { it.key.length + of(it.value) }

    private fun of(element: JsonElement?): Int = when (element) {
        null -> 0
        is JsonObject -> of(element as Map<String, JsonElement>)
        is JsonArray -> element.sumOf { of(it) }
        is JsonPrimitive -> element.content.length
    }

    private fun length(text: String?): Int = text?.length ?: 0
}
