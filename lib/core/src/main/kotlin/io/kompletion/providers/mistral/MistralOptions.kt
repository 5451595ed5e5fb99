package io.kompletion.providers.mistral

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionsBuilder
import kotlinx.serialization.json.JsonElement

/**
 * Mistral's own options of a chat completion, beside or in place of the fields of a request. An option outranks the
 * field of the request of the same name.
 *
 * @see <a href="https://docs.mistral.ai/api/#tag/chat">Mistral: chat</a>
 */
public class MistralOptions internal constructor(values: Map<String, JsonElement>) : OpenOptions(PROVIDER, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [MistralOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : OptionsBuilder<Builder>(from) {
        /** Whether Mistral puts its own instruction about safety before the conversation; off unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var safePrompt: Boolean? by truth("safe_prompt")

        /** `reasoning` puts Mistral's instructions for thinking before the conversation; Magistral has them anyway. */
        @get:JvmSynthetic @set:JvmSynthetic public var promptMode: String? by text("prompt_mode")

        /** Where the randomness begins, 0 or more; the same as `seed` of a request. */
        @get:JvmSynthetic @set:JvmSynthetic public var randomSeed: Int? by whole("random_seed")

        /** Checks of what goes in and out, in Mistral's own form. */
        @get:JvmSynthetic @set:JvmSynthetic public var guardrails: JsonElement? by tree("guardrails")

        /** Requests with the same key may share a cached prompt. */
        @get:JvmSynthetic @set:JvmSynthetic public var promptCacheKey: String? by text("prompt_cache_key")

        public fun safePrompt(value: Boolean?): Builder = apply { safePrompt = value }

        public fun promptMode(value: String?): Builder = apply { promptMode = value }

        public fun randomSeed(value: Int?): Builder = apply { randomSeed = value }

        public fun guardrails(value: JsonElement?): Builder = apply { guardrails = value }

        /** The same as JSON text. */
        public fun guardrails(json: String): Builder = guardrails(parsed("guardrails", json))

        public fun promptCacheKey(value: String?): Builder = apply { promptCacheKey = value }

        public fun build(): MistralOptions = MistralOptions(values)
    }

    public companion object {
        internal const val PROVIDER = "mistral"

        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): MistralOptions = builder().apply(build).build()
    }
}
