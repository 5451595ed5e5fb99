package io.kompletion.providers.gemini

import io.kompletion.internal.wire.boolean
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.string
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * How a model of Google's thinks. Gemini 2.5 takes a [budget], Gemini 3 and later a [level]; never both.
 *
 * @property budget tokens to think: 0 for none where a model can, -1 for as many as the model likes. Flash takes up to
 *   24,576, Flash-Lite 512 to 24,576, Pro 128 to 32,768
 * @property level `MINIMAL`, `LOW`, `MEDIUM` or `HIGH`
 * @property includeThoughts whether the answer contains a summary of the thoughts, as its reasoning
 * @see <a href="https://ai.google.dev/gemini-api/docs/thinking">Google: thinking</a>
 */
@ConsistentCopyVisibility
public data class ThinkingConfig internal constructor(
    public val budget: Int?,
    public val level: String? = null,
    public val includeThoughts: Boolean? = null,
) {
    /** The same with the thoughts in the answer, or without. */
    public fun withThoughts(includeThoughts: Boolean): ThinkingConfig = copy(includeThoughts = includeThoughts)

    internal fun toJson(): JsonElement = JsonObject(
        buildMap {
            budget?.let { put("thinking_budget", JsonPrimitive(it)) }
            level?.let { put("thinking_level", JsonPrimitive(it)) }
            includeThoughts?.let { put("include_thoughts", JsonPrimitive(it)) }
        },
    )

    public companion object {
        /** Thinks within [budget] tokens. */
        @JvmStatic
        public fun budget(budget: Int): ThinkingConfig = ThinkingConfig(budget = budget)

        /** Thinks at [level]. */
        @JvmStatic
        public fun level(level: String): ThinkingConfig = ThinkingConfig(null, level)

        /** Thinks as the model likes, and tells its thoughts. */
        @JvmStatic
        public fun thoughts(): ThinkingConfig = ThinkingConfig(null, includeThoughts = true)

        /** What [json] says; null when it is of another form. */
        internal fun of(json: JsonElement): ThinkingConfig? {
            val fields = JsonObject(GeminiFields.camelCased(json as? JsonObject ?: return null))
            return ThinkingConfig(
                fields.int("thinkingBudget"),
                fields.string("thinkingLevel"),
                fields.boolean("includeThoughts"),
            )
        }
    }
}

/** From which probability of harm on an answer is blocked, for one category. */
@ConsistentCopyVisibility
public data class SafetySetting internal constructor(public val category: String, public val threshold: String) {
    internal fun toJson(): JsonElement =
        JsonObject(mapOf("category" to JsonPrimitive(category), "threshold" to JsonPrimitive(threshold)))

    public companion object {
        @JvmStatic
        public fun of(category: String, threshold: String): SafetySetting = SafetySetting(category, threshold)

        /** What [json] says; null when it is of another form. */
        internal fun of(json: JsonElement): SafetySetting? {
            val fields = json as? JsonObject ?: return null
            return SafetySetting(fields.string("category") ?: return null, fields.string("threshold") ?: return null)
        }
    }
}
