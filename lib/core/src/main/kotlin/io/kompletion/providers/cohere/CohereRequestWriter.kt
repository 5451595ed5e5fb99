package io.kompletion.providers.cohere

import io.kompletion.chat.ResponseFormat
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.FieldWriter
import io.kompletion.internal.wire.RequestHeaders
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement

/** Writes one request body. Values that Cohere would refuse are moved to the nearest it takes, with a warning. */
internal class CohereRequestWriter(private val target: Target, private val streaming: Boolean) {
    private val request = target.request
    private val fields = FieldWriter(target, "Cohere")
    private val json = fields.json
    private val messages = CohereMessageWriter(target, fields)

    fun encode(): EncodedChat {
        fields.oneChoice()
        json.beginObject()
        fields.own("model") { json.value(target.model) }
        fields.own("messages") { messages.write(request.messages) }
        documents()
        json.field("stream", streaming)
        sampling()
        CohereToolWriter(request, fields).write()
        output()
        thinking()
        fields.onlyShared("top_logprobs" to request.topLogprobs)
        fields.others(handled = setOf(DOCUMENTS))
        json.endObject()
        return EncodedChat("/chat", RequestHeaders.of(target, streaming), json.toByteArray(), fields.warnings)
    }

    /** Those among the messages and those that the caller wrote himself: sources that the model may cite. */
    private fun documents() {
        val own: JsonElement? = fields.overrides[DOCUMENTS]
        val found = messages.documents
        when {
            own is JsonArray -> json.field(DOCUMENTS, JsonArray(own + found))
            own != null -> json.field(DOCUMENTS, own)
            found.isNotEmpty() -> json.field(DOCUMENTS, JsonArray(found))
        }
    }

    private fun sampling() {
        fields.own("temperature", request.temperature)
        fields.own("p", within("top_p", request.topP, LEAST_P, MOST_P))
        fields.own("k", request.topK)
        fields.own("frequency_penalty", within("frequency_penalty", request.frequencyPenalty, 0.0, 1.0))
        fields.own("presence_penalty", within("presence_penalty", request.presencePenalty, 0.0, 1.0))
        fields.own("seed", request.seed)
        fields.own("logprobs", request.logprobs)
        fields.own("max_tokens", fields.tokenLimit("max_tokens"))
        val stops = request.stop.orEmpty()
        if (stops.size > MOST_STOPS) {
            throw InvalidRequestException(
                "stop has ${stops.size} texts, ${target.providerId} takes at most $MOST_STOPS",
                ErrorDetails.builder().param("stop").build(),
            )
        }
        fields.own("stop_sequences", stops)
    }

    private fun within(name: String, value: Double?, least: Double, most: Double): Double? {
        val taken = value?.coerceIn(least, most) ?: return null
        if (taken != value) fields.map(name, "Cohere takes $least to $most; sent as $taken")
        return taken
    }

    private fun output() {
        val schema = when (val format = request.responseFormat) {
            null -> request.responseSchema ?: return

            is ResponseFormat.JsonSchema -> {
                if (format.description != null) {
                    fields.drop("response_format.description", "Cohere has no such field")
                }
                format.schema
            }

            is ResponseFormat.JsonMode -> null

            is ResponseFormat.Text -> return

            is ResponseFormat.Raw -> return fields.own(FORMAT) { json.value(format.value) }
        }
        fields.own(FORMAT) {
            json.beginObject().name("type").value("json_object")
            json.field("json_schema", schema)
            json.endObject()
        }
    }

    /** An effort becomes a budget of tokens to think with. */
    private fun thinking() {
        val effort = request.reasoningEffort ?: return
        if (THINKING in fields.overrides) return fields.drop("reasoning_effort", "thinking is set too and wins")
        val budget = if (effort == "none") null else BUDGETS[effort] ?: BUDGETS.getValue("high")
        fields.own(THINKING) {
            json.beginObject().name("type").value(if (budget == null) "disabled" else "enabled")
            json.field("token_budget", budget)
            json.endObject()
        }
        val sent = budget?.let { "thinking with a token_budget of $it" } ?: "thinking disabled"
        fields.map("reasoning_effort", "sent as $sent")
    }

    private companion object {
        const val DOCUMENTS = "documents"
        const val FORMAT = "response_format"
        const val THINKING = "thinking"
        const val LEAST_P = 0.01
        const val MOST_P = 0.99
        const val MOST_STOPS = 5
        val BUDGETS = mapOf(
            "minimal" to 1024,
            "low" to 2048,
            "medium" to 8192,
            "high" to 16_384,
            "xhigh" to 24_576,
            "max" to 32_768,
        )
    }
}
