package io.kompletion.providers.anthropic

import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.string
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Whether and how a model of Anthropic's thinks before it answers.
 *
 * @property type `enabled`, `adaptive`, `disabled`, or a type of tomorrow
 * @property budgetTokens most tokens to think with; at least 1024 and less than the request's limit
 * @property display what is shown of the thoughts, `summarized` or `omitted`; null leaves it to the model
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking">Anthropic: thinking</a>
 */
@ConsistentCopyVisibility
public data class Thinking internal constructor(
    public val type: String,
    public val budgetTokens: Int? = null,
    public val display: String? = null,
) {
    /** The same with [display] `summarized` or `omitted`. */
    public fun withDisplay(display: String?): Thinking = copy(display = display)

    internal fun toJson(): JsonElement = JsonObject(
        buildMap {
            put("type", JsonPrimitive(type))
            budgetTokens?.let { put("budget_tokens", JsonPrimitive(it)) }
            display?.let { put("display", JsonPrimitive(it)) }
        },
    )

    public companion object {
        private val ADAPTIVE = Thinking("adaptive")
        private val DISABLED = Thinking("disabled")

        /** Thinks, with at most [budgetTokens]; for models up to Opus 4.6. */
        @JvmStatic
        public fun enabled(budgetTokens: Int): Thinking = Thinking("enabled", budgetTokens)

        /** Thinks as much as the task is worth; for models from Opus 4.6 on. */
        @JvmStatic
        public fun adaptive(): Thinking = ADAPTIVE

        /** Does not think. */
        @JvmStatic
        public fun disabled(): Thinking = DISABLED

        /** What [json] says; null when it is of another form. */
        internal fun of(json: JsonElement): Thinking? {
            val fields = json as? JsonObject ?: return null
            return Thinking(fields.string("type") ?: return null, fields.int("budget_tokens"), fields.string("display"))
        }
    }
}
