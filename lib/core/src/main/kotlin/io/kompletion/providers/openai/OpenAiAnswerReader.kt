package io.kompletion.providers.openai

import io.kompletion.chat.Citation
import io.kompletion.chat.ImagePart
import io.kompletion.chat.Media
import io.kompletion.chat.UnknownPart
import io.kompletion.internal.wire.arguments
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.long
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.present
import io.kompletion.internal.wire.string
import io.kompletion.internal.wire.text
import io.kompletion.provider.AnswerSink
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Reads completions and chunks of completions; both have the same fields under `message` and `delta`.
 *
 * Accepts what servers of this dialect are known to send: reasoning as `reasoning_content`, `reasoning` or only in
 * `reasoning_details`; content as a list of parts; arguments as an object; empty strings where nothing is meant; usage
 * in several places; the whole text again beside the delta.
 */
internal class OpenAiAnswerReader(private val providerId: String, private val failures: Set<String> = emptySet()) {
    fun head(body: JsonObject, out: AnswerSink) {
        body.text("id")?.let { if (it.isNotEmpty()) out.id(it) }
        body.text("model")?.let { if (it.isNotEmpty()) out.model(it) }
        // Azure's first frame says 0.
        body.long("created")?.takeIf { it > 0 }?.let(out::created)
        body.string("service_tier")?.let(out::serviceTier)
        body.string("system_fingerprint")?.let(out::systemFingerprint)
        val usage = body.obj("usage") ?: body.obj("x_groq")?.obj("usage") ?: choiceUsage(body)
        usage?.let(::openAiUsage)?.let(out::usage)
        for ((name, value) in body) if (name !in HEAD && value !is JsonNull) out.extra(name, value)
    }

    private fun choiceUsage(body: JsonObject) = (body.array("choices")?.firstOrNull() as? JsonObject)?.obj("usage")

    /** [position] stands in for a missing index. */
    fun choice(choice: JsonObject, position: Int, out: AnswerSink, isStream: Boolean) {
        val index = choice.int("index")?.takeIf { it in 0..MAX_CHOICES } ?: position
        val body = if (isStream) {
            choice.obj("delta") ?: choice.obj("message")
        } else {
            choice.obj("message")
                ?: choice.obj("delta")
        }
        message(index, body ?: NOTHING, choice.present("logprobs"), out)
        if (body == null) choice.string("text")?.let { out.text(index, it) }
        choice.text("finish_reason")?.ifEmpty { null }?.let { native ->
            if (native in failures) throw OpenAiErrors.ended(native)
            out.finish(index, openAiFinishReason(native), native)
        }
        for ((name, value) in choice) if (name !in CHOICE && value !is JsonNull) out.messageExtra(index, name, value)
    }

    private fun message(index: Int, message: JsonObject, logprobs: JsonElement?, out: AnswerSink) {
        reasoning(index, message, out)
        val text = message.present("content")
        if (text == null || (text is JsonPrimitive && text.content.isEmpty())) {
            if (logprobs != null) out.logprobs(index, logprobs)
        }
        when (text) {
            null -> Unit
            is JsonPrimitive -> if (text.content.isNotEmpty()) out.text(index, text.content, logprobs)
            is JsonArray -> text.forEach { part(index, it, out) }
            is JsonObject -> part(index, text, out)
        }
        message.string("refusal")?.let { out.refusal(index, it) }
        message.obj("audio")?.let { audio ->
            out.audio(
                index,
                audio.string("id"),
                audio.string("data"),
                audio.string("transcript"),
                audio.long("expires_at"),
            )
        }
        message.array("images")?.forEach { image(index, it as? JsonObject, out) }
        message.array("annotations")?.forEach { annotation(index, it as? JsonObject, out) }
        message.array("tool_calls")?.forEach { call -> (call as? JsonObject)?.let { toolCall(index, it, out) } }
        message.obj("function_call")?.let { call ->
            out.toolCallDelta(index, 0, null, call.string("name"), call.arguments("arguments"))
        }
        for ((name, value) in message) if (name !in MESSAGE && value !is JsonNull) out.messageExtra(index, name, value)
    }

    private fun reasoning(index: Int, message: JsonObject, out: AnswerSink) {
        val text =
            message.string("reasoning_content")?.ifEmpty { null } ?: message.string("reasoning")?.ifEmpty { null }
        if (text != null) {
            out.reasoning(index, text)
            return
        }
        // The same text again where a plain field carries it, the only place where none does.
        message.array("reasoning_details")?.forEach { detail ->
            val fields = detail as? JsonObject ?: return@forEach
            (fields.string("text") ?: fields.string("summary"))?.let { out.reasoning(index, it) }
        }
    }

    private fun part(index: Int, part: JsonElement, out: AnswerSink) {
        when (part) {
            is JsonPrimitive -> out.text(index, part.content)

            is JsonObject -> when (part.string("type")) {
                "text", "output_text" -> out.text(index, part.string("text").orEmpty())
                "refusal" -> out.refusal(index, part.string("refusal").orEmpty())
                "thinking" -> thinking(index, part, out)
                "reasoning" -> summary(index, part, out)
                "reference" -> out.citation(index, Citation("reference", extra = part - "type"))
                "image_url", "output_image" -> image(index, part, out)
                null -> part.string("text")?.let { out.text(index, it) }
                else -> out.part(index, UnknownPart(part.string("type").orEmpty(), part, providerId))
            }

            is JsonArray -> part.forEach { part(index, it, out) }
        }
    }

    private fun thinking(index: Int, part: JsonObject, out: AnswerSink) {
        when (val inner = part["thinking"]) {
            is JsonPrimitive -> out.reasoning(index, inner.content)

            is JsonArray -> inner.forEach { piece ->
                (piece as? JsonObject)?.string("text")?.let { out.reasoning(index, it) }
            }

            else -> part.string("text")?.let { out.reasoning(index, it) }
        }
    }

    /** As Databricks shows how Claude thinks. */
    private fun summary(index: Int, part: JsonObject, out: AnswerSink) {
        val pieces = part.array("summary") ?: return out.part(index, UnknownPart("reasoning", part, providerId))
        for (piece in pieces) {
            val fields = piece as? JsonObject ?: continue
            fields.string("text")?.ifEmpty { null }?.let { out.reasoning(index, it) }
            fields.string("signature")?.ifEmpty { null }?.let { out.reasoningSignature(index, it) }
        }
    }

    private fun image(index: Int, image: JsonObject?, out: AnswerSink) {
        val url = image?.obj("image_url")?.string("url") ?: image?.string("image_url") ?: image?.string("url") ?: return
        out.part(index, ImagePart(Media.url(url)))
    }

    private fun annotation(index: Int, annotation: JsonObject?, out: AnswerSink) {
        val kind = annotation?.string("type") ?: return
        val body = annotation.obj(kind) ?: annotation
        out.citation(
            index,
            Citation(
                kind = kind,
                url = body.string("url"),
                title = body.string("title"),
                citedText = body.string("content"),
                startIndex = body.int("start_index"),
                endIndex = body.int("end_index"),
                extra = body.filterKeys { it !in CITATION },
            ),
        )
    }

    private fun toolCall(choice: Int, call: JsonObject, out: AnswerSink) {
        val custom = call.obj("custom")?.takeIf { call.string("type") == "custom" || call.obj("function") == null }
        val body = custom?.takeIf { it.isNotEmpty() } ?: call.obj("function") ?: NOTHING
        out.toolCallDelta(
            choice,
            call.int("index"),
            call.text("id"),
            body.string("name"),
            body.arguments(if (body === custom) "input" else "arguments"),
            custom = body === custom,
        )
        for ((name, value) in call) if (name !in TOOL_CALL && value !is JsonNull) out.toolCallExtra(choice, name, value)
    }

    private companion object {
        const val MAX_CHOICES = 1023
        val NOTHING = JsonObject(emptyMap())
        val HEAD = setOf(
            "id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint", "obfuscation",
        )
        val CHOICE = setOf("index", "delta", "message", "finish_reason", "logprobs", "text", "usage")
        val MESSAGE = setOf(
            "role", "content", "refusal", "tool_calls", "function_call", "audio", "annotations", "images",
            "reasoning_content", "reasoning",
        )
        val TOOL_CALL = setOf("index", "id", "type", "function", "custom")
        val CITATION = setOf("url", "title", "content", "start_index", "end_index", "type")
    }
}
