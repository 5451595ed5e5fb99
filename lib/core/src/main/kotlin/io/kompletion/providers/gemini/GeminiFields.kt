package io.kompletion.providers.gemini

import io.kompletion.chat.Warning
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject

/**
 * What the caller wrote himself, sorted: the fields of `GenerateContentConfig`, as Google's own libraries take them, to
 * where they stand on the wire. Both spellings are understood; names that nobody knows go to the top as they are.
 */
internal class GeminiFields(own: List<Map<String, JsonElement>>, warnings: MutableList<Warning>) {
    /** Fields of the request. */
    val top: Map<String, JsonElement>

    /** Fields of `generationConfig`. */
    val generation: Map<String, JsonElement>

    init {
        val request = LinkedHashMap<String, JsonElement>()
        val config = LinkedHashMap<String, JsonElement>()
        for ((name, value) in own.flatMap { it.entries }.map { it.key to it.value }) {
            val known = camelCase(name)
            when {
                value is JsonNull -> Unit
                known == "stream" -> warnings += Warning(name, "dropped", "the method that is called decides")
                known in OF_LIBRARIES -> warnings += Warning(name, "dropped", "it tells Google's own library something")
                known == GENERATION_CONFIG && value is JsonObject -> config += camelCased(value)
                known in GENERATION -> config[known] = value
                known == TOOL_CONFIG && value is JsonObject -> request[known] = toolConfig(value)
                known in TOP -> request[known] = value
                else -> request[name] = value
            }
        }
        top = request
        generation = config
    }

    /** Its parts are objects too, except for a few flags. */
    private fun toolConfig(value: JsonObject) = JsonObject(
        camelCased(value).mapValues { (_, part) -> if (part is JsonObject) JsonObject(camelCased(part)) else part },
    )

    companion object {
        const val GENERATION_CONFIG = "generationConfig"
        const val TOOL_CONFIG = "toolConfig"

        /** `thinking_budget` as `thinkingBudget`. */
        fun camelCase(name: String): String {
            if ('_' !in name) return name
            return name.split('_').filter { it.isNotEmpty() }
                .reduceOrNull { all, word -> all + word.replaceFirstChar(Char::uppercaseChar) } ?: name
        }

        /** [fields] with names in camel case; what is in them stays. */
        fun camelCased(fields: Map<String, JsonElement>): Map<String, JsonElement> =
            fields.mapKeys { camelCase(it.key) }

        private val GENERATION = setOf(
            "temperature", "topP", "topK", "candidateCount", "maxOutputTokens", "stopSequences", "seed",
            "presencePenalty", "frequencyPenalty", "responseLogprobs", "logprobs", "responseMimeType", "responseSchema",
            "responseJsonSchema", "responseModalities", "thinkingConfig", "mediaResolution", "speechConfig",
            "imageConfig", "audioTimestamp", "routingConfig", "modelSelectionConfig", "enableEnhancedCivicAnswers",
            "enableAffectiveDialog",
        )
        private val TOP = setOf(
            "contents", "systemInstruction", "tools", "safetySettings", "cachedContent", "labels", "serviceTier",
            "modelArmorConfig", "store",
        )
        private val OF_LIBRARIES = setOf("httpOptions", "automaticFunctionCalling", "shouldReturnHttpResponse")
    }
}
