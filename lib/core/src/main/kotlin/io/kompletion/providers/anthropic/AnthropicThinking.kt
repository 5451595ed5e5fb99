package io.kompletion.providers.anthropic

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RedactedReasoningPart
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UnknownPart
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.string
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Decides how a request thinks, how much it may answer, and with what effort. Thinking is off unless it is asked for:
 * by the option `thinking` in Anthropic's own form, or by a reasoning effort, which becomes what the model knows.
 *
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking">Anthropic: thinking</a>
 */
internal class AnthropicThinking(
    private val request: ChatCompletionRequest,
    private val modelName: String,
    private val model: AnthropicModel,
    options: Map<String, JsonElement>,
    private val warnings: MutableList<Warning>,
) {
    private val said = options["thinking"]
    private val effortSaid = (options["output_config"] as? JsonObject)?.string("effort")
    private val limitSaid = JsonObject(options).int("max_tokens") ?: request.maxCompletionTokens ?: request.maxTokens

    /** What goes into `thinking`; null sends nothing. */
    var wire: JsonElement? = null
        private set

    /** What goes into `output_config.effort`; null sends nothing. */
    var effort: String? = null
        private set

    var maxTokens: Int = minOf(USUAL_LIMIT, model.maxOutput)
        private set

    /** Whether it thinks within a number of tokens, which forbids more than adaptive thinking does. */
    val hasBudget: Boolean get() = type == "enabled"

    val isOn: Boolean get() = type == "enabled" || type == "adaptive"

    private val type: String? get() = (wire as? JsonObject)?.string("type")

    init {
        effort = effortSaid
        if (said != null) asSaid(said) else fromEffort()
        limit()
        if (hasBudget && continuesWithoutThinking()) {
            wire = null
            drop("thinking", "the tool calls that are answered here were made without thinking")
        }
        val high = effort
        if (model.refusesHighEffortUnthinking && high in HIGHEST && type == "disabled") {
            throw invalid("reasoning_effort", "$modelName takes effort \"$high\" only while it thinks")
        }
    }

    private fun asSaid(thinking: JsonElement) {
        val fields = thinking as? JsonObject
            ?: throw invalid("thinking", "thinking must be an object with a \"type\", got ${short(thinking)}")
        wire = fields
        request.reasoningEffort?.takeIf { it != "none" }?.let(::effort)
        when (fields.string("type")) {
            "enabled" -> enabled(fields)

            "adaptive" -> if (model.isKnown && !model.takesAdaptive) {
                throw invalid(
                    "thinking.type",
                    "$modelName has no adaptive thinking; use \"enabled\" with budget_tokens",
                )
            }

            else -> Unit
        }
    }

    private fun enabled(fields: JsonObject) {
        if (!model.thinks) throw invalid("thinking", "$modelName does not think; leave thinking out")
        val budget = fields.int("budget_tokens")
        if (!model.takesBudget) {
            if (budget != null) {
                throw invalid(
                    "thinking.budget_tokens",
                    "$modelName takes effort, not a budget: use reasoning_effort, or thinking of type \"adaptive\"",
                )
            }
            wire = JsonObject(fields + ("type" to JsonPrimitive("adaptive")))
            warnings += Warning("thinking.type", "mapped", "$modelName thinks adaptively; sent as \"adaptive\"")
            return
        }
        if (budget == null) throw invalid("thinking.budget_tokens", "thinking of type \"enabled\" needs budget_tokens")
        if (budget < LEAST_BUDGET) {
            throw invalid("thinking.budget_tokens", "budget_tokens must be at least $LEAST_BUDGET, got $budget")
        }
        val limit = limitSaid ?: model.maxOutput
        if (budget >= limit) {
            throw invalid("thinking.budget_tokens", "budget_tokens $budget must be less than max_tokens $limit")
        }
    }

    private fun fromEffort() {
        val asked = request.reasoningEffort
        if (asked == null || asked == "none") {
            if (model.thinksUnlessTold && effortSaid == null) wire = mode("disabled")
            return
        }
        if (!model.thinks) return drop("reasoning_effort", "$modelName does not think")
        effort(asked)
        wire = if (model.takesAdaptive) mode("adaptive") else budget(asked)
    }

    /** The nearest level that the model knows. */
    private fun effort(asked: String) {
        if (model.efforts.isEmpty() || effortSaid != null) return
        val sent = when {
            asked in model.efforts -> asked
            asked == "minimal" -> model.efforts.first()
            else -> model.efforts.last()
        }
        if (sent !=
            asked
        ) {
            warnings += Warning("reasoning_effort", "mapped", "$modelName knows no $asked; sent as $sent")
        }
        effort = sent
    }

    private fun budget(asked: String): JsonObject? {
        val wanted = BUDGETS[asked] ?: BUDGETS.getValue("high")
        val budget = minOf(wanted, (limitSaid ?: model.maxOutput) - 1)
        if (budget < LEAST_BUDGET) {
            drop("reasoning_effort", "thinking needs a max_tokens of more than $LEAST_BUDGET")
            return null
        }
        if (model.efforts.isEmpty()) {
            warnings += Warning("reasoning_effort", "mapped", "sent as a thinking budget of $budget tokens")
        }
        return JsonObject(mapOf("type" to JsonPrimitive("enabled"), "budget_tokens" to JsonPrimitive(budget)))
    }

    private fun limit() {
        val budget = (wire as? JsonObject)?.takeIf { hasBudget }?.int("budget_tokens") ?: 0
        val limit = limitSaid ?: minOf(budget.toLong() + USUAL_LIMIT, model.maxOutput.toLong()).toInt()
        if (limit > model.maxOutput) {
            throw invalid("max_tokens", "max_tokens $limit is more than the ${model.maxOutput} that $modelName answers")
        }
        maxTokens = limit
    }

    /** With a budget, the turn whose tools are answered must begin with its own thinking; another model's has none. */
    private fun continuesWithoutThinking(): Boolean {
        val spoken = request.messages.filterNot { it is SystemMessage || it is DeveloperMessage }
        val last = spoken.lastOrNull()
        if (last !is ToolResultMessage && last !is FunctionMessage) return false
        val turn = spoken.lastOrNull { it is AssistantMessage } as? AssistantMessage ?: return false
        return turn.parts.none { part ->
            part is RedactedReasoningPart || (part is ReasoningPart && part.signature != null) ||
                (part is UnknownPart && part.type.endsWith("thinking"))
        }
    }

    private fun mode(name: String) = JsonObject(mapOf("type" to JsonPrimitive(name)))

    private fun drop(name: String, why: String) {
        warnings += Warning(name, "dropped", why)
    }

    private fun invalid(param: String, message: String) =
        InvalidRequestException(message, ErrorDetails.builder().param(param).build())

    private fun short(element: JsonElement) = ErrorDetails.printable(element.toString(), 80)

    private companion object {
        const val USUAL_LIMIT = 4096
        const val LEAST_BUDGET = 1024
        val HIGHEST = setOf("xhigh", "max")
        val BUDGETS = mapOf(
            "minimal" to 1024,
            "low" to 2048,
            "medium" to 8192,
            "high" to 16_384,
            "xhigh" to 24_576,
            "max" to 32_000,
        )
    }
}
