package io.kompletion.providers.ollama

import io.kompletion.provider.Target
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * The parameters of the model, which stand in an object of their own: those of the request, then those of the
 * provider's options, which win. [tokenLimit] is the most tokens of the answer.
 *
 * @see <a href="https://docs.ollama.com/modelfile#parameter">Ollama: parameters</a>
 */
internal class OllamaModelOptions(private val target: Target, private val tokenLimit: Int?) {
    val fields: Map<String, JsonElement> = LinkedHashMap<String, JsonElement>().apply {
        val request = target.request
        number("temperature", request.temperature)
        number("top_p", request.topP)
        number("top_k", request.topK)
        number("seed", request.seed)
        number("num_predict", tokenLimit)
        number("presence_penalty", request.presencePenalty)
        number("frequency_penalty", request.frequencyPenalty)
        request.stop?.takeIf { it.isNotEmpty() }?.let { put("stop", JsonArray(it.map(::JsonPrimitive))) }
        (target.options[OPTIONS] as? JsonObject)?.let(::putAll)
        for ((name, value) in target.options) if (name !in BESIDE && name != OPTIONS) put(name, value)
        (request.extraBody?.get(OPTIONS) as? JsonObject)?.let(::putAll)
    }

    private fun MutableMap<String, JsonElement>.number(name: String, value: Number?) {
        if (value != null) put(name, JsonPrimitive(value))
    }

    companion object {
        private const val OPTIONS = "options"

        /** Fields of the body that are no parameters of the model. */
        val BESIDE = setOf(
            "model", "messages", "tools", "format", "think", "keep_alive", "logprobs", "top_logprobs", "truncate",
            "shift",
        )
    }
}
