package io.kompletion.providers.anthropic

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionField
import io.kompletion.chat.OptionsBuilder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive

/**
 * Anthropic's own options of a message, beside or in place of the fields of a request. An option outranks the
 * field of the request of the same name.
 *
 * @see <a href="https://docs.anthropic.com/en/api/messages">Anthropic: messages</a>
 */
public class AnthropicOptions internal constructor(values: Map<String, JsonElement>) : OpenOptions(PROVIDER, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [AnthropicOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : OptionsBuilder<Builder>(from) {
        /** Whether and how the model thinks; off unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var thinking: Thinking? by thinkingField()

        /** Features in testing, by the names of Anthropic; sent in the header `anthropic-beta`. */
        @get:JvmSynthetic @set:JvmSynthetic public var betas: List<String>? by texts("betas")

        /** The next token comes from so many likeliest ones. */
        @get:JvmSynthetic @set:JvmSynthetic public var topK: Int? by whole("top_k")

        /** The container that code runs in: the id of an earlier one as text, or an object with skills. */
        @get:JvmSynthetic @set:JvmSynthetic public var container: JsonElement? by tree("container")

        /** What is cleared from a long context, and when. */
        @get:JvmSynthetic @set:JvmSynthetic public var contextManagement: JsonElement? by tree("context_management")

        /** MCP servers whose tools the model may call; an array. */
        @get:JvmSynthetic @set:JvmSynthetic public var mcpServers: JsonElement? by tree("mcp_servers")

        /** Effort and format of the answer; joined with what the request says about them, and wins. */
        @get:JvmSynthetic @set:JvmSynthetic public var outputConfig: JsonElement? by tree("output_config")

        /** `auto` or `standard_only`. */
        @get:JvmSynthetic @set:JvmSynthetic public var serviceTier: String? by text("service_tier")

        /** `fast` for faster answers of models that have it, at a higher price. */
        @get:JvmSynthetic @set:JvmSynthetic public var speed: String? by text("speed")

        /** Facts about the request; Anthropic takes `user_id`. */
        @get:JvmSynthetic @set:JvmSynthetic public var metadata: Map<String, String>? by pairs("metadata")

        public fun thinking(value: Thinking?): Builder = apply { thinking = value }

        public fun betas(value: List<String>?): Builder = apply { betas = value }

        public fun topK(value: Int?): Builder = apply { topK = value }

        public fun container(value: JsonElement?): Builder = apply { container = value }

        /** The container with this id, from an earlier answer. */
        public fun container(id: String): Builder = container(JsonPrimitive(id))

        public fun contextManagement(value: JsonElement?): Builder = apply { contextManagement = value }

        /** The same as JSON text. */
        public fun contextManagement(json: String): Builder = contextManagement(parsed("context_management", json))

        public fun mcpServers(value: JsonElement?): Builder = apply { mcpServers = value }

        /** The same as JSON text. */
        public fun mcpServers(json: String): Builder = mcpServers(parsed("mcp_servers", json))

        public fun outputConfig(value: JsonElement?): Builder = apply { outputConfig = value }

        /** The same as JSON text. */
        public fun outputConfig(json: String): Builder = outputConfig(parsed("output_config", json))

        public fun serviceTier(value: String?): Builder = apply { serviceTier = value }

        public fun speed(value: String?): Builder = apply { speed = value }

        public fun metadata(value: Map<String, String>?): Builder = apply { metadata = value }

        private fun thinkingField() = OptionField(values, "thinking", Thinking::toJson, Thinking::of)

        public fun build(): AnthropicOptions = AnthropicOptions(values)
    }

    public companion object {
        internal const val PROVIDER = "anthropic"

        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): AnthropicOptions = builder().apply(build).build()
    }
}
