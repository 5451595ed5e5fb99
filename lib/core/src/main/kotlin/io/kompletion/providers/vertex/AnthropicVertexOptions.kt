package io.kompletion.providers.vertex

import io.kompletion.chat.ChatDsl
import io.kompletion.chat.ProviderOptions
import kotlinx.serialization.json.JsonElement

/**
 * Options of `anthropic_vertex`: where at Google Cloud, with which credentials, and the fields of Anthropic's messages.
 *
 * Credentials that are set here reach Google's token endpoint only; they are in no request body, and neither in the text
 * nor in the JSON of a request.
 *
 * @see <a href="https://docs.anthropic.com/en/api/claude-on-vertex-ai">Anthropic: Claude on Vertex AI</a>
 */
public class AnthropicVertexOptions internal constructor(
    private val values: Map<String, JsonElement>,
) : ProviderOptions {
    override val provider: String get() = AnthropicVertexProvider.ID

    override fun toMap(): Map<String, JsonElement> = values

    /** A builder that starts with these options. */
    public fun toBuilder(): Builder = Builder(values)

    override fun equals(other: Any?): Boolean = other is AnthropicVertexOptions && values == other.values

    override fun hashCode(): Int = values.hashCode()

    /** Names alone, because values may be secrets. */
    override fun toString(): String = shown("AnthropicVertexOptions", values)

    /** Collects [AnthropicVertexOptions]. Null takes an option away. Not thread-safe. */
    @ChatDsl
    public class Builder internal constructor(start: Map<String, JsonElement>) {
        private val options = VertexOptions(start)

        /**
         * The region, e.g. `us-east5`, or `global`, `us` or `eu`. Without it the environment decides: `CLOUD_ML_REGION`,
         * `GOOGLE_CLOUD_LOCATION` and others; without those a call is refused.
         */
        public fun region(region: String?): Builder = apply { options.text(VertexPlace.LOCATION, region) }

        /**
         * The project, by id or number. Without it: `ANTHROPIC_VERTEX_PROJECT_ID`, `GOOGLE_CLOUD_PROJECT` and others, then
         * the project of the key file.
         */
        public fun projectId(projectId: String?): Builder = apply { options.text(VertexPlace.PROJECT, projectId) }

        /** The key file of a service account, as the text of its JSON. */
        public fun serviceAccountCredentials(json: String): Builder =
            apply { options.text(VertexSetup.CREDENTIALS, json) }

        /** The key file of a service account, as an object. */
        public fun serviceAccountCredentials(json: JsonElement?): Builder =
            apply { options.set(VertexSetup.CREDENTIALS, json) }

        /**
         * How the model thinks, in Anthropic's own form, e.g. `{"type":"enabled","budget_tokens":2048}`; off unless set.
         *
         * @throws io.kompletion.error.InvalidRequestException when [json] is no JSON
         */
        public fun thinking(json: String): Builder = apply { options.json("thinking", json) }

        /** The same as a tree. */
        public fun thinking(json: JsonElement?): Builder = apply { options.set("thinking", json) }

        /** Any other field of a request, under the name that Anthropic gives it. */
        public fun with(name: String, value: JsonElement?): Builder = apply { options.set(name, value) }

        /**
         * The same with a value as the text of its JSON.
         *
         * @throws io.kompletion.error.InvalidRequestException when [json] is no JSON
         */
        public fun with(name: String, json: String): Builder = apply { options.json(name, json) }

        public fun build(): AnthropicVertexOptions = AnthropicVertexOptions(options.toMap())
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): AnthropicVertexOptions = builder().apply(build).build()
    }
}
