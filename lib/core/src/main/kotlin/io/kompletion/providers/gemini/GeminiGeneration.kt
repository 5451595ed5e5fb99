package io.kompletion.providers.gemini

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
import io.kompletion.provider.Target
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.util.Locale

/**
 * `generationConfig`: how the answer is made and what it looks like. What the caller wrote there himself wins.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#v1beta.GenerationConfig">Google: GenerationConfig</a>
 */
internal class GeminiGeneration(
    private val target: Target,
    private val model: GeminiModel,
    private val own: Map<String, JsonElement>,
    private val hasFunctions: Boolean,
    private val warnings: MutableList<Warning>,
) {
    private val request: ChatCompletionRequest = target.request
    private val fields = LinkedHashMap<String, JsonElement>()

    /** What the model is told beside the instructions of the caller; null when nothing. */
    var instruction: String? = null
        private set

    fun config(): JsonObject? {
        sampling()
        limits()
        logprobs()
        output()
        modalities()
        GeminiThinking(target.model, model, request.reasoningEffort, warnings).config(own[THINKING])?.let {
            fields[THINKING] = it
        }
        for ((name, value) in own) if (name != THINKING) fields[name] = value
        return JsonObject(fields).takeIf { it.isNotEmpty() }
    }

    private fun sampling() {
        request.temperature?.let { fields["temperature"] = number(it) }
        request.topP?.let { fields["topP"] = number(it) }
        request.topK?.let { fields["topK"] = JsonPrimitive(it) }
        request.presencePenalty?.let { fields["presencePenalty"] = number(it) }
        request.frequencyPenalty?.let { fields["frequencyPenalty"] = number(it) }
        request.seed?.let {
            if (it !in Int.MIN_VALUE..Int.MAX_VALUE) throw invalid("seed", "seed must fit into 32 bits, got $it")
            fields["seed"] = JsonPrimitive(it)
        }
    }

    private fun limits() {
        request.n?.let {
            if (it > MOST_CANDIDATES) throw invalid("n", "n must be in 1..$MOST_CANDIDATES, got $it")
            fields["candidateCount"] = JsonPrimitive(it)
        }
        val limit = request.maxCompletionTokens ?: request.maxTokens
        if (limit != null) fields["maxOutputTokens"] = JsonPrimitive(limit)
        if (request.maxTokens != null && limit != request.maxTokens) {
            drop("max_tokens", "max_completion_tokens is set too and wins")
        }
        request.stop?.takeIf { it.isNotEmpty() }?.let { texts ->
            if (texts.size > MOST_STOPS) throw invalid("stop", "stop has ${texts.size} texts, more than $MOST_STOPS")
            fields["stopSequences"] = JsonArray(texts.map(::JsonPrimitive))
        }
    }

    private fun logprobs() {
        if (request.logprobs != true) return
        fields["responseLogprobs"] = JsonPrimitive(true)
        request.topLogprobs?.let { fields["logprobs"] = JsonPrimitive(it) }
    }

    private fun output() {
        when (val format = request.responseFormat) {
            is ResponseFormat.JsonSchema -> schema(format.schema, "response_format.schema")
            is ResponseFormat.JsonMode -> json(null)
            is ResponseFormat.Raw -> raw(format.value)
            is ResponseFormat.Text, null -> request.responseSchema?.let { schema(it, "response_schema") }
        }
    }

    private fun raw(value: JsonElement) {
        val format = value as? JsonObject
        val found = (format?.obj("json_schema") ?: format)?.obj("schema")
        if (format?.string("type") == "json_schema" && found != null) {
            schema(found, "response_format.json_schema.schema")
        } else {
            drop("response_format", "Gemini has no such format")
        }
    }

    private fun schema(schema: JsonElement, place: String) {
        if (OWN_SCHEMAS.any { it in own }) return drop(place, "the options have a schema of their own, which wins")
        if (model.takesJsonSchema) {
            val standard = StandardSchema()
            json("responseJsonSchema" to standard.clean(schema))
            tell(standard.changes, place)
        } else {
            val subset = GeminiSchema(schema, place)
            json("responseSchema" to subset.subset())
            tell(subset.changes, place)
        }
    }

    /** Older models answer in JSON or call functions; with functions they are told to answer in JSON. */
    private fun json(schema: Pair<String, JsonElement>?) {
        if (hasFunctions && !model.isThird) {
            val shape = schema?.let { " that follows this JSON Schema: ${it.second}" }.orEmpty()
            instruction =
                "Give your final answer as one JSON value$shape. Write nothing else: no introduction, no code fence."
            warnings += Warning(
                "response_format",
                "mapped",
                "${target.model} takes no format together with functions; the model is told to answer in JSON",
            )
            return
        }
        fields["responseMimeType"] = JsonPrimitive("application/json")
        if (schema != null) fields += schema
    }

    private fun modalities() {
        request.modalities?.takeIf { it.isNotEmpty() }?.let { kinds ->
            fields["responseModalities"] = JsonArray(kinds.map { JsonPrimitive(it.uppercase(Locale.ROOT)) })
        }
        val audio = request.audio ?: return
        when (val voice = audio.voice) {
            null -> Unit

            is JsonObject -> fields["speechConfig"] = voice

            else -> fields["speechConfig"] =
                wrapped("voiceConfig", wrapped("prebuiltVoiceConfig", wrapped("voiceName", voice)))
        }
        if (audio.format != null && audio.format != "pcm16") drop("audio.format", "Gemini speaks PCM only")
        for (name in audio.extra.keys) drop("audio.$name", "Gemini has no such option")
    }

    private fun wrapped(name: String, value: JsonElement) = JsonObject(mapOf(name to value))

    private fun tell(changes: List<String>, place: String) {
        for (change in changes) warnings += Warning(place, "mapped", change)
    }

    /** 1 rather than 1.0. */
    private fun number(value: Double): JsonPrimitive =
        if (value % 1.0 == 0.0) JsonPrimitive(value.toLong()) else JsonPrimitive(value)

    private fun drop(name: String, why: String) {
        warnings += Warning(name, "dropped", why)
    }

    private fun invalid(param: String, message: String) =
        InvalidRequestException(message, ErrorDetails.builder().provider(target.providerId).param(param).build())

    private companion object {
        const val THINKING = "thinkingConfig"
        const val MOST_CANDIDATES = 8
        const val MOST_STOPS = 5
        val OWN_SCHEMAS = listOf("responseSchema", "responseJsonSchema")
    }
}
