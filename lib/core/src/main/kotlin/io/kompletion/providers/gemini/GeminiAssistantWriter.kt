package io.kompletion.providers.gemini

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AudioPart
import io.kompletion.chat.CitationPart
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.IncompleteToolCallPart
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RedactedReasoningPart
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.UnknownPart
import io.kompletion.chat.VideoPart
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.provider.Target
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Writes what a model said. Signatures go back on exactly the part that they came with, to the provider that made them
 * and to models of the same generation. A call that must have one and has none gets the one that Google documents for
 * calls of other origin.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/thought-signatures">Google: thought signatures</a>
 */
internal class GeminiAssistantWriter(
    private val target: Target,
    private val host: GeminiHost,
    private val model: GeminiModel,
    private val parts: GeminiParts,
    private val warnings: MutableList<Warning>,
) {
    private val providerId = target.providerId

    /** @param isCurrentTurn whether the user has said nothing since, so that signatures of calls are demanded */
    fun parts(message: AssistantMessage, isCurrentTurn: Boolean, place: String): List<GeminiPart> {
        val firstCall = message.parts.indexOfFirst { it is ToolCallPart }
        val demands = isCurrentTurn && model.needsSignatures
        return message.parts.mapIndexedNotNull { i, part ->
            part(part, message, demands && i == firstCall, "$place.parts[$i]")
        }
    }

    private fun part(part: ContentPart, message: AssistantMessage, demands: Boolean, place: String): GeminiPart? =
        when (part) {
            is TextPart -> text(part, message, place)

            is ReasoningPart -> thought(part, message, place)

            is RedactedReasoningPart -> drop(place, FOREIGN)

            is ToolCallPart -> call(part.toolCall, message, demands, place)

            is UnknownPart -> parts.raw(part, place) ?: drop(place, "it belongs to ${part.provider}")

            is RefusalPart -> parts.text(TextPart(part.refusal)).also { mapped(place, "sent as text") }

            is AudioPart -> sound(part, message, place)

            is ImagePart -> parts.media(part.media, null, extra(part, message, place), place)

            is VideoPart -> parts.media(part.media, null, extra(part, message, place), place)

            is DocumentPart -> parts.media(part.media, null, extra(part, message, place), place)

            is FilePart -> parts.media(part.media, null, extra(part, message, place), place)

            // The sources of an answer are no input.
            is CitationPart -> null

            is IncompleteToolCallPart -> drop(place, "an incomplete tool call cannot be sent")
        }

    private fun text(part: TextPart, message: AssistantMessage, place: String): GeminiPart? {
        part.cacheBreakpoint?.let { parts.noBreakpoint(place) }
        val signature = usable(part.thoughtSignature, message.provider, message.model, place)
        if (part.text.isEmpty() && signature == null) return null
        return GeminiPart {
            field("text", part.text)
            field(SIGNATURE, signature)
            beside(part.extra)
        }
    }

    private fun thought(part: ReasoningPart, message: AssistantMessage, place: String): GeminiPart? {
        val maker = part.provider ?: message.provider
        if (!isOwn(maker)) return drop(place, FOREIGN)
        val signature = usable(part.signature, maker, part.model ?: message.model, place)
        if (part.text.isEmpty() && signature == null) return null
        return GeminiPart {
            field("text", part.text)
            field("thought", true)
            field(SIGNATURE, signature)
        }
    }

    private fun call(call: ToolCall, message: AssistantMessage, demands: Boolean, place: String): GeminiPart {
        val signature = usable(call.thoughtSignature, message.provider, message.model, place)
            ?: ANY_SIGNATURE.takeIf { demands }
        val name = GeminiNames.sent(call.name)
        if (name != call.name) mapped("$place.name", "sent as \"$name\"")
        val arguments = arguments(call, place)
        return GeminiPart {
            name("functionCall").beginObject()
            if (host.takesCallIds && !GeminiIds.isMade(call.id)) field("id", call.id)
            field("name", name)
            name("args").value(arguments)
            if (isOwn(message.provider)) for ((field, value) in call.extra) field(field, value)
            endObject()
            field(SIGNATURE, signature)
        }
    }

    private fun arguments(call: ToolCall, place: String): JsonObject = when {
        call.isCustom -> JsonObject(mapOf("input" to JsonPrimitive(call.function.rawArguments)))

        call.function.rawArguments.isBlank() -> JsonObject(emptyMap())

        else -> call.function.parsed() ?: throw InvalidRequestException(
            "$place: the arguments of the call of \"${call.name}\" are no JSON object",
            ErrorDetails.builder().param(place).build(),
        )
    }

    private fun sound(part: AudioPart, message: AssistantMessage, place: String): GeminiPart? {
        if (!part.media.data.isNullOrEmpty() && part.media.mediaType != null) {
            return parts.media(part.media, null, extra(part, message, place), place)
        }
        val transcript = part.transcript?.ifEmpty { null } ?: return drop(place, "sound without a media type")
        mapped(place, "the transcript is sent, the sound is not")
        return parts.text(TextPart(transcript))
    }

    /** What stands beside a file: its signature among others. */
    private fun extra(part: ContentPart, message: AssistantMessage, place: String): Map<String, JsonElement> {
        val fields = GeminiFields.camelCased(part.extra)
        val signature = (fields[SIGNATURE] as? JsonPrimitive)?.content ?: return fields
        return if (usable(signature, message.provider, message.model, place) == null) fields - SIGNATURE else fields
    }

    /** [signature] when [maker] and the model that is asked are of one kind; else null, with a warning. */
    private fun usable(signature: String?, maker: String?, madeBy: String?, place: String): String? {
        if (signature.isNullOrEmpty()) return null
        val made = madeBy?.let { GeminiModel.of(it).version }
        val asked = model.version
        val isOther = made != null && asked != null && made / GENERATION != asked / GENERATION
        if (isOwn(maker) && !isOther) return signature
        drop("$place.thought_signature", if (isOther) "it was made by $madeBy" else "it was made by $maker")
        return null
    }

    private fun isOwn(maker: String?) = maker == null || maker == providerId

    private fun mapped(place: String, why: String) {
        warnings += Warning(place, "mapped", why)
    }

    private fun drop(place: String, why: String): GeminiPart? {
        warnings += Warning(place, "dropped", why)
        return null
    }

    private companion object {
        const val SIGNATURE = "thoughtSignature"
        const val ANY_SIGNATURE = "skip_thought_signature_validator"
        const val FOREIGN = "thinking goes back only to the provider that made it"
        const val GENERATION = 100
    }
}
