package io.kompletion.providers.vertex

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionField
import io.kompletion.chat.OptionsBuilder
import io.kompletion.providers.anthropic.Thinking
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive

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
    public class Builder internal constructor(from: Map<String, JsonElement>) : OptionsBuilder<Builder>(from) {
        /** The region, e.g. `us-east5`, or `global`, `us` or `eu`; null takes it from the environment. */
        @get:JvmSynthetic @set:JvmSynthetic public var region: String? by text(VertexPlace.LOCATION)

        /** Id or number of the project; null takes it from the environment, then from the key file. */
        @get:JvmSynthetic @set:JvmSynthetic public var projectId: String? by text(VertexPlace.PROJECT)

        /** The key file of a service account, as an object or as a text that holds one. */
        @get:JvmSynthetic @set:JvmSynthetic
        public var serviceAccountCredentials: JsonElement? by tree(VertexSetup.CREDENTIALS)

        /** Another place in front of `/projects/…`; null is Google's host of the region. */
        @get:JvmSynthetic @set:JvmSynthetic public var baseUrl: String? by text("base_url")

        /** Whether and how the model thinks; off unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var thinking: Thinking? by thinkingField()

        /** Features in testing, by the names of Anthropic; sent in the header `anthropic-beta`. */
        @get:JvmSynthetic @set:JvmSynthetic public var betas: List<String>? by texts("betas")

        /** The next token comes from so many likeliest ones. */
        @get:JvmSynthetic @set:JvmSynthetic public var topK: Int? by whole("top_k")

        /** Effort and format of the answer; joined with what the request says about them, and wins. */
        @get:JvmSynthetic @set:JvmSynthetic public var outputConfig: JsonElement? by tree("output_config")

        public fun region(value: String?): Builder = apply { region = value }

        public fun projectId(value: String?): Builder = apply { projectId = value }

        public fun serviceAccountCredentials(value: JsonElement?): Builder = apply { serviceAccountCredentials = value }

        /** The same as the text of the file. */
        public fun serviceAccountCredentials(json: String): Builder = serviceAccountCredentials(JsonPrimitive(json))

        public fun baseUrl(value: String?): Builder = apply { baseUrl = value }

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
