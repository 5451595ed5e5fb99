package io.kompletion.providers.bedrock

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionField
import io.kompletion.providers.anthropic.Thinking
import kotlinx.serialization.json.JsonElement

/**
 * Options of `anthropic_bedrock`: where at Amazon, with which credentials, and Anthropic's own options of a message.
 *
 * Credentials that are set here sign calls; they are in no request, and neither in the text nor in the JSON of one.
 *
 * @see <a href="https://docs.anthropic.com/en/api/claude-on-amazon-bedrock">Anthropic: Claude on Amazon Bedrock</a>
 */
public class AnthropicBedrockOptions internal constructor(values: Map<String, JsonElement>) :
    OpenOptions(AnthropicBedrockProvider.ID, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [AnthropicBedrockOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : AwsOptionsBuilder<Builder>(from) {
        /** Whether and how the model thinks; off unless set. */
        @get:JvmSynthetic @set:JvmSynthetic
        public var thinking: Thinking? by OptionField(values, "thinking", Thinking::toJson, Thinking::of)

        /** Features in testing, by the names of Anthropic; sent as `anthropic_beta` in the body. */
        @get:JvmSynthetic @set:JvmSynthetic public var betas: List<String>? by texts("betas")

        /** The next token comes from so many likeliest ones. */
        @get:JvmSynthetic @set:JvmSynthetic public var topK: Int? by whole("top_k")

        /** Effort and format of the answer; joined with what the request says about them, and wins. */
        @get:JvmSynthetic @set:JvmSynthetic public var outputConfig: JsonElement? by tree("output_config")

        public fun thinking(value: Thinking?): Builder = apply { thinking = value }

        public fun betas(value: List<String>?): Builder = apply { betas = value }

        public fun topK(value: Int?): Builder = apply { topK = value }

        public fun outputConfig(value: JsonElement?): Builder = apply { outputConfig = value }

        /** The same as JSON text. */
        public fun outputConfig(json: String): Builder = outputConfig(parsed("output_config", json))

        public fun build(): AnthropicBedrockOptions = AnthropicBedrockOptions(values)
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): AnthropicBedrockOptions = builder().apply(build).build()
    }
}
