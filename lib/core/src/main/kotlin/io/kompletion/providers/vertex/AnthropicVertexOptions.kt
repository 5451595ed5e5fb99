package io.kompletion.providers.vertex

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionField
import io.kompletion.providers.anthropic.Thinking
import kotlinx.serialization.json.JsonElement

/**
 * Options of `anthropic_vertex`: where at Google Cloud, with which credentials, and Anthropic's own options of a message.
 *
 * Credentials that are set here reach Google's token endpoint only; they are in no request body, and neither in the text
 * nor in the JSON of a request.
 *
 * @see <a href="https://docs.anthropic.com/en/api/claude-on-vertex-ai">Anthropic: Claude on Vertex AI</a>
 */
public class AnthropicVertexOptions internal constructor(values: Map<String, JsonElement>) :
    OpenOptions(AnthropicVertexProvider.ID, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [AnthropicVertexOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : VertexOptionsBuilder<Builder>(from) {
        /** Whether and how the model thinks; off unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var thinking: Thinking? by thinkingField()

        /** Features in testing, by the names of Anthropic; sent in the header `anthropic-beta`. */
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

        private fun thinkingField() = OptionField(values, "thinking", Thinking::toJson, Thinking::of)

        public fun build(): AnthropicVertexOptions = AnthropicVertexOptions(values)
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): AnthropicVertexOptions = builder().apply(build).build()
    }
}
