package io.kompletion.providers.bedrock

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.Warning
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive

/** The parameters that Converse has for all models: length, sampling, stop sequences. */
internal class BedrockInference(
    private val request: ChatCompletionRequest,
    private val modelName: String,
    private val model: BedrockModel,
    private val reasoning: BedrockReasoning,
    private val warnings: MutableList<Warning>,
) {
    fun fields(): Map<String, JsonElement> {
        val fields = LinkedHashMap<String, JsonElement>()
        reasoning.maxTokens?.let { fields["maxTokens"] = JsonPrimitive(it) }
        temperature()?.let { fields["temperature"] = JsonPrimitive(it) }
        topP()?.let { fields["topP"] = JsonPrimitive(it) }
        stop()?.let { fields["stopSequences"] = it }
        return fields
    }

    private fun temperature(): Number? {
        val asked = request.temperature ?: return null
        return when {
            asked == 1.0 -> plain(asked)
            model.isClaude && !model.claude.samples -> drop("temperature", NO_SAMPLING)
            model.isClaude && reasoning.isOn -> drop("temperature", "a model that thinks takes none but 1")
            else -> plain(asked)
        }
    }

    private fun topP(): Number? {
        val asked = request.topP ?: return null
        return when {
            !model.isClaude -> plain(asked)

            !model.claude.samples -> drop("top_p", NO_SAMPLING)

            request.temperature != null && !model.claude.takesBothTemperatures ->
                drop("top_p", "$modelName takes one of temperature and top_p")

            reasoning.isOn && asked < LEAST_THINKING_TOP_P ->
                drop("top_p", "a model that thinks takes none below $LEAST_THINKING_TOP_P")

            else -> plain(asked)
        }
    }

    private fun stop(): JsonElement? {
        val texts = request.stop?.takeIf { it.isNotEmpty() } ?: return null
        return JsonArray(texts.map(::JsonPrimitive))
    }

    /** 1 rather than 1.0. */
    private fun plain(number: Double): Number = if (number % 1 == 0.0) number.toLong() else number

    private fun drop(name: String, why: String): Number? {
        warnings += Warning(name, "dropped", why)
        return null
    }

    private companion object {
        const val NO_SAMPLING = "the model takes no sampling parameters"
        const val LEAST_THINKING_TOP_P = 0.95
    }
}
