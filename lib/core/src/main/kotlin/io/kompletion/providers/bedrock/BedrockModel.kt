package io.kompletion.providers.bedrock

import io.kompletion.providers.anthropic.AnthropicModel
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.util.Locale

/**
 * What the families of models at Bedrock take, by the maker that an id or ARN names. An ARN that names none (an
 * application inference profile, an imported model) gets the rules of the protocol alone.
 *
 * @property vendor who made the model, e.g. `anthropic`; null when the name does not say
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html">AWS: features of models</a>
 */
internal class BedrockModel private constructor(private val name: String) {
    val vendor: String? = VENDORS.firstOrNull { "$it." in name } ?: ANTHROPIC.takeIf { "claude" in name }

    val isClaude: Boolean get() = vendor == ANTHROPIC

    /** What is known of Claude; rules that fit every model when it is another one. */
    val claude: AnthropicModel = AnthropicModel.of(if (isClaude) name else "")

    private val isNova = "amazon.nova" in name

    /** The second generation of Nova thinks. */
    private val isThinkingNova = "amazon.nova-2" in name

    /** Whether a cached prefix may be marked. */
    val caches: Boolean get() = vendor == null || isClaude || isNova

    val takesSchema: Boolean get() = if (isClaude) claude.takesSchema else vendor !in WITHOUT_SCHEMA

    val takesForcedTool: Boolean get() = if (isClaude) claude.takesForcedTool else vendor !in WITHOUT_TOOL_CHOICE

    val takesPrefill: Boolean get() = !isClaude || claude.takesPrefill

    /** Whether ids of tool calls must be nine letters or digits. */
    val hasShortIds: Boolean get() = vendor == "mistral"

    /** The model's own field for the [count] likeliest tokens; null when it has none. */
    fun topK(count: Int): Pair<String, JsonElement>? = when {
        isClaude && claude.samples -> "top_k" to JsonPrimitive(count)
        isNova -> "inferenceConfig" to JsonObject(mapOf("topK" to JsonPrimitive(count)))
        vendor == "mistral" -> "top_k" to JsonPrimitive(count)
        vendor == "cohere" -> "k" to JsonPrimitive(count)
        else -> null
    }

    /** The field for an [effort] of models other than Claude; null when they have none. */
    fun effort(effort: String): Pair<String, JsonElement>? = when {
        isThinkingNova && effort == "none" -> REASONING_CONFIG to JsonObject(mapOf("type" to JsonPrimitive("disabled")))

        isThinkingNova -> REASONING_CONFIG to JsonObject(
            mapOf("type" to JsonPrimitive("enabled"), "maxReasoningEffort" to JsonPrimitive(level(effort))),
        )

        vendor == "openai" && effort != "none" -> "reasoning_effort" to JsonPrimitive(level(effort))

        else -> null
    }

    /** The nearest of the three levels that all of them know. */
    fun level(effort: String): String = when (effort) {
        "minimal", "low" -> "low"
        "medium" -> "medium"
        else -> "high"
    }

    companion object {
        private const val ANTHROPIC = "anthropic"
        private const val REASONING_CONFIG = "reasoningConfig"
        private val VENDORS = listOf(
            ANTHROPIC, "amazon", "meta", "mistral", "cohere", "ai21", "deepseek", "openai", "qwen", "writer",
            "moonshot", "moonshotai", "minimax", "google", "nvidia", "zai", "stability", "luma", "twelvelabs",
        )
        private val WITHOUT_SCHEMA = setOf("amazon", "meta", "cohere", "ai21", "writer")
        private val WITHOUT_TOOL_CHOICE = setOf("meta", "cohere", "ai21", "deepseek", "openai", "qwen")

        fun of(name: String): BedrockModel = BedrockModel(name.lowercase(Locale.ROOT))
    }
}
