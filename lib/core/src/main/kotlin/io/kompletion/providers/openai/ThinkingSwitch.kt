package io.kompletion.providers.openai

import io.kompletion.chat.Warning
import io.kompletion.internal.wire.JsonWriter
import io.kompletion.internal.wire.boolean
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/**
 * Decides about thinking where a switch and a budget do what OpenAI's reasoning effort does. It is off unless it is asked
 * for: by these fields themselves among [own], or by [effort], which becomes the switch and a budget.
 */
internal class ThinkingSwitch(
    private val fields: ThinkingFields,
    private val modelName: String,
    private val traits: ModelTraits,
    private val effort: String?,
    private val own: Map<String, JsonElement>,
    private val warnings: MutableList<Warning>,
) {
    private var switch: Boolean? = null
    private var budget: Int? = null

    /** Whether the model thinks before this answer, as far as the request decides it. */
    var isOn: Boolean = false
        private set

    init {
        val said = JsonObject(own).boolean(fields.switch)
        when {
            said != null -> asSaid(said)
            traits.thinks == Thinks.ALWAYS -> always()
            traits.thinks == Thinks.NEVER -> never()
            else -> asAsked()
        }
    }

    /** Writes what the caller did not write himself. */
    fun write(json: JsonWriter) {
        switch?.let { if (fields.switch !in own) json.field(fields.switch, it) }
        budget?.let { json.field(fields.budget, it) }
    }

    private fun asSaid(said: Boolean) {
        isOn = said || traits.thinks == Thinks.ALWAYS
        when {
            effort == null || (effort == "none" && !said) -> Unit
            effort != "none" && said -> limit(effort)
            else -> drop("${fields.switch} is set too and wins")
        }
    }

    private fun always() {
        isOn = true
        when (effort) {
            null -> Unit
            "none" -> drop("$modelName always thinks")
            else -> limit(effort)
        }
    }

    private fun never() {
        if (effort != null && effort != "none") drop("$modelName does not think")
    }

    private fun asAsked() {
        val wanted = when (effort) {
            null -> true.takeIf { fields.budget in own } ?: false.takeIf { traits.thinks == Thinks.UNLESS_TOLD }
            else -> effort != "none"
        }
        switch = wanted
        isOn = wanted == true
        when (effort) {
            null -> Unit
            "none" -> warnings += Warning(EFFORT, "mapped", "sent as ${fields.switch} = false")
            else -> limit(effort)
        }
    }

    private fun limit(effort: String) {
        if (fields.budget in own) return drop("${fields.budget} is set too and wins")
        if (!traits.takesThinkingBudget) return drop("$modelName decides itself how long it thinks")
        budget = (BUDGETS[effort] ?: BUDGETS.getValue("high")).also {
            warnings += Warning(EFFORT, "mapped", "sent as ${fields.budget} = $it")
        }
    }

    private fun drop(why: String) {
        warnings += Warning(EFFORT, "dropped", why)
    }

    private companion object {
        const val EFFORT = "reasoning_effort"
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
