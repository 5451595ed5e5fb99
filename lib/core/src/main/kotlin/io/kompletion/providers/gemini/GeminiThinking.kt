package io.kompletion.providers.gemini

import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.boolean
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.text
import io.kompletion.providers.gemini.GeminiModel.Thinking
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.util.Locale

/**
 * Decides how a request thinks. Thinking is off unless it is asked for, by the option `thinking_config` or by a
 * reasoning effort. Models that cannot turn it off think as little as they can.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/thinking">Google: thinking</a>
 */
internal class GeminiThinking(
    private val modelName: String,
    private val model: GeminiModel,
    private val effort: String?,
    private val warnings: MutableList<Warning>,
) {
    /** What goes into `thinkingConfig`, where [said] is what the caller wrote there himself; null sends nothing. */
    fun config(said: JsonElement?): JsonElement? {
        if (said == null || said is JsonNull) return fromEffort()
        val fields = said as? JsonObject
            ?: throw invalid("thinking_config must be an object, got ${ErrorDetails.printable(said.toString(), 80)}")
        return asSaid(JsonObject(GeminiFields.camelCased(fields)))
    }

    private fun asSaid(said: JsonObject): JsonElement? {
        val hasBudget = said.text(BUDGET) != null
        val level = said.text(LEVEL)
        if (hasBudget && level != null) {
            throw invalid("thinking_config has thinking_budget and thinking_level; $modelName takes ${taken()} only")
        }
        val budget = if (hasBudget) {
            said.int(BUDGET) ?: throw invalid("thinking_budget must be a number, got \"${said.text(BUDGET)}\"")
        } else {
            null
        }
        return when (model.thinking) {
            Thinking.NONE -> unthinking(said, budget, level)
            Thinking.BUDGET -> withBudget(said, budget, level)
            Thinking.LEVEL -> withLevel(said, budget, level)
            Thinking.UNKNOWN -> said
        }
    }

    private fun taken() = if (model.thinking == Thinking.BUDGET) "a budget" else "a level"

    private fun unthinking(said: JsonObject, budget: Int?, level: String?): JsonElement? {
        val asks = (budget ?: 0) != 0 || level != null || said.boolean(THOUGHTS) == true
        if (asks) throw invalid("$modelName does not think; leave thinking_config out")
        return null
    }

    private fun withBudget(said: JsonObject, budget: Int?, level: String?): JsonElement {
        if (level != null) {
            val tokens = budget(level.lowercase(Locale.ROOT))
                ?: throw invalid("thinking_level \"$level\" is none of ${BUDGETS.keys.joinToString()}")
            mapped("thinking_config.thinking_level", "$modelName takes a budget; sent as $tokens tokens")
            return JsonObject(said - LEVEL + (BUDGET to JsonPrimitive(tokens)))
        }
        if (budget == null) return effortBudget()?.let { JsonObject(said + (BUDGET to JsonPrimitive(it))) } ?: said
        if (budget != DYNAMIC && budget !in model.budgets && !(budget == 0 && model.turnsOff)) {
            val off = if (model.turnsOff) "0 (off), " else ""
            val range = "${model.budgets.first}..${model.budgets.last}"
            throw invalid("thinking_budget of $modelName must be $off$range or -1 (as it likes), got $budget")
        }
        return said
    }

    /** Models that take a level take a budget too, but not none. */
    private fun withLevel(said: JsonObject, budget: Int?, level: String?): JsonElement {
        if (budget == 0) {
            mapped("thinking_config.thinking_budget", "$modelName cannot turn thinking off; sent as ${least()}")
            return JsonObject(said - BUDGET + (LEVEL to JsonPrimitive(least())))
        }
        if (budget != null) return said
        val asked = level ?: effort?.takeIf { it != NONE } ?: return said
        return JsonObject(said + (LEVEL to JsonPrimitive(nearest(asked, "thinking_config.thinking_level"))))
    }

    private fun fromEffort(): JsonElement? {
        if (effort == null || effort == NONE) return off()
        return when (model.thinking) {
            Thinking.NONE -> null.also { drop("$modelName does not think") }

            Thinking.UNKNOWN -> null.also { drop("how $modelName thinks is not known; use thinking_config") }

            Thinking.BUDGET -> effortBudget()?.let { tokens ->
                mapped("reasoning_effort", "sent as a thinking budget of $tokens tokens")
                shown(BUDGET, JsonPrimitive(tokens))
            }

            Thinking.LEVEL -> shown(LEVEL, JsonPrimitive(nearest(effort, "reasoning_effort")))
        }
    }

    private fun off(): JsonElement? = when (model.thinking) {
        Thinking.NONE -> null

        Thinking.UNKNOWN -> null.also {
            if (effort != null) drop("how $modelName stops to think is not known; use thinking_config")
        }

        Thinking.BUDGET -> {
            val tokens = if (model.turnsOff) 0 else model.budgets.first
            if (tokens > 0 && effort != null) leastInstead("$tokens tokens")
            JsonObject(mapOf(BUDGET to JsonPrimitive(tokens)))
        }

        // A name without a version may mean a model that takes no level: it is told nothing unless somebody asks.
        Thinking.LEVEL -> if (model.version == null && effort == null) {
            null
        } else {
            if (effort != null) leastInstead(least())
            JsonObject(mapOf(LEVEL to JsonPrimitive(least())))
        }
    }

    private fun leastInstead(sent: String) =
        mapped("reasoning_effort", "$modelName cannot turn thinking off; sent as $sent")

    private fun least() = model.levels.first()

    private fun effortBudget(): Int? = effort?.takeIf { it != NONE }?.let(::budget)

    private fun budget(asked: String): Int? = BUDGETS[asked]?.coerceIn(model.budgets)

    /** The level that [asked] means, or the nearest above it that the model knows. */
    private fun nearest(asked: String, place: String): String {
        val name = asked.uppercase(Locale.ROOT)
        if (name in model.levels) return name
        val wanted = RANKS.indexOf(name)
        if (wanted < 0) return asked
        val sent = model.levels.firstOrNull { RANKS.indexOf(it) >= wanted } ?: model.levels.last()
        mapped(place, "$modelName knows no $asked; sent as $sent")
        return sent
    }

    private fun shown(name: String, value: JsonElement) =
        JsonObject(mapOf(name to value, THOUGHTS to JsonPrimitive(true)))

    private fun mapped(place: String, why: String) {
        warnings += Warning(place, "mapped", why)
    }

    private fun drop(why: String) {
        warnings += Warning("reasoning_effort", "dropped", why)
    }

    private fun invalid(message: String) =
        InvalidRequestException(message, ErrorDetails.builder().param("thinking_config").build())

    private companion object {
        const val BUDGET = "thinkingBudget"
        const val LEVEL = "thinkingLevel"
        const val THOUGHTS = "includeThoughts"
        const val NONE = "none"
        const val DYNAMIC = -1
        val RANKS = listOf("MINIMAL", "LOW", "MEDIUM", "HIGH", "XHIGH", "MAX")

        /** As Google itself reads an effort, and more for what goes beyond; cut to what the model takes. */
        val BUDGETS = mapOf(
            "minimal" to 512,
            "low" to 1024,
            "medium" to 8192,
            "high" to 24_576,
            "xhigh" to 32_768,
            "max" to 32_768,
        )
    }
}
