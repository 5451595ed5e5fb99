package io.kompletion.providers.bedrock

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.Warning
import io.kompletion.internal.wire.int
import io.kompletion.providers.anthropic.AnthropicThinking
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Decides how a request reasons and how much it may answer. Converse has no field for reasoning: each maker has its own
 * among the additional fields, and Claude's are those of Anthropic's messages.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-reasoning.html">AWS: model reasoning</a>
 */
internal class BedrockReasoning(
    request: ChatCompletionRequest,
    modelName: String,
    model: BedrockModel,
    own: Map<String, JsonElement>,
    warnings: MutableList<Warning>,
) {
    private val said = own["additionalModelRequestFields"] as? JsonObject ?: NOTHING
    private val limitSaid = (own["inferenceConfig"] as? JsonObject)?.int("maxTokens")
    private val limit = limitSaid ?: request.maxCompletionTokens ?: request.maxTokens

    /** Additional fields of the request, with what the caller wrote among them himself, which wins. */
    val fields: Map<String, JsonElement>

    /** Whether the model is told to think, which forbids more than thinking by itself does. */
    val isOn: Boolean

    /** Whether the model then decides itself about tools. */
    val forbidsForcedTools: Boolean

    /** Most tokens to answer; null leaves it to the model. */
    val maxTokens: Int?

    init {
        if (model.isClaude && model.claude.isKnown) {
            val thinking = AnthropicThinking(
                request,
                modelName,
                model.claude,
                said + listOfNotNull(limitSaid?.let { "max_tokens" to JsonPrimitive(it) }),
                warnings,
            )
            val found = LinkedHashMap<String, JsonElement>()
            thinking.wire?.let { found["thinking"] = it }
            val config = said["output_config"] as? JsonObject ?: NOTHING
            val effort = thinking.effort?.let { JsonObject(mapOf("effort" to JsonPrimitive(it)) + config) } ?: config
            if (effort.isNotEmpty()) found["output_config"] = effort
            // What is left out here was left out with a reason.
            fields = found + (said - DECIDED)
            isOn = thinking.isOn
            forbidsForcedTools = thinking.hasBudget
            maxTokens = limit?.let { thinking.maxTokens }
        } else {
            val effort = request.reasoningEffort
            val field = effort?.let(model::effort)
            fields = listOfNotNull(field).toMap() + said
            isOn = false
            forbidsForcedTools = false
            maxTokens = limit
            if (effort != null && effort != "none") {
                if (field == null) {
                    warnings += Warning("reasoning_effort", "dropped", "Converse has no effort for $modelName")
                } else if (model.level(effort) != effort) {
                    warnings += Warning("reasoning_effort", "mapped", "sent as ${model.level(effort)}")
                }
            }
        }
    }

    private companion object {
        val NOTHING = JsonObject(emptyMap())
        val DECIDED = setOf("thinking", "output_config")
    }
}
