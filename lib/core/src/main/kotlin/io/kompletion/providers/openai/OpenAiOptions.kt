package io.kompletion.providers.openai

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionsBuilder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * OpenAI's own options of a chat completion, beside or in place of the fields of a request. An option outranks the
 * field of the request of the same name.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">OpenAI: create chat completion</a>
 */
public class OpenAiOptions internal constructor(values: Map<String, JsonElement>) : OpenOptions(PROVIDER, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [OpenAiOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : OptionsBuilder<Builder>(from) {
        /** How fast and how dear: `auto`, `default`, `flex`, `scale` or `priority`. */
        @get:JvmSynthetic @set:JvmSynthetic public var serviceTier: String? by text("service_tier")

        /**
         * How long a reasoning model thinks: `none`, `minimal`, `low`, `medium`, `high`, `xhigh`; each model takes
         * some of them.
         */
        @get:JvmSynthetic @set:JvmSynthetic public var reasoningEffort: String? by text("reasoning_effort")

        /** How much it says: `low`, `medium` or `high`. */
        @get:JvmSynthetic @set:JvmSynthetic public var verbosity: String? by text("verbosity")

        /** Whether OpenAI keeps the answer for its dashboard, evaluations and distillation. */
        @get:JvmSynthetic @set:JvmSynthetic public var store: Boolean? by truth("store")

        /** Up to 16 pairs that a stored answer is found by; names of up to 64 characters, values of up to 512. */
        @get:JvmSynthetic @set:JvmSynthetic public var metadata: Map<String, String>? by pairs("metadata")

        /** Requests with the same key are likelier to share a cached prompt. */
        @get:JvmSynthetic @set:JvmSynthetic public var promptCacheKey: String? by text("prompt_cache_key")

        /** How long a prompt stays cached: `in_memory` or `24h`. */
        @get:JvmSynthetic @set:JvmSynthetic public var promptCacheRetention: String? by text("prompt_cache_retention")

        /** Text that most of the answer is expected to repeat, in OpenAI's own form. */
        @get:JvmSynthetic @set:JvmSynthetic public var prediction: JsonElement? by tree("prediction")

        /** Your end user's id, hashed, for abuse detection; up to 64 characters. */
        @get:JvmSynthetic @set:JvmSynthetic public var safetyIdentifier: String? by text("safety_identifier")

        /** Lets a search model search the web; `{}` takes the defaults. */
        @get:JvmSynthetic @set:JvmSynthetic public var webSearchOptions: JsonElement? by tree("web_search_options")

        public fun serviceTier(value: String?): Builder = apply { serviceTier = value }

        public fun reasoningEffort(value: String?): Builder = apply { reasoningEffort = value }

        public fun verbosity(value: String?): Builder = apply { verbosity = value }

        public fun store(value: Boolean?): Builder = apply { store = value }

        public fun metadata(value: Map<String, String>?): Builder = apply { metadata = value }

        public fun promptCacheKey(value: String?): Builder = apply { promptCacheKey = value }

        public fun promptCacheRetention(value: String?): Builder = apply { promptCacheRetention = value }

        public fun prediction(value: JsonElement?): Builder = apply { prediction = value }

        /** Most of the answer is expected to repeat [text]. */
        public fun prediction(text: String): Builder =
            prediction(JsonObject(mapOf("type" to JsonPrimitive("content"), "content" to JsonPrimitive(text))))

        public fun safetyIdentifier(value: String?): Builder = apply { safetyIdentifier = value }

        public fun webSearchOptions(value: JsonElement?): Builder = apply { webSearchOptions = value }

        /** The same as JSON text. */
        public fun webSearchOptions(json: String): Builder = webSearchOptions(parsed("web_search_options", json))

        public fun build(): OpenAiOptions = OpenAiOptions(values)
    }

    public companion object {
        internal const val PROVIDER = "openai"

        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): OpenAiOptions = builder().apply(build).build()
    }
}
