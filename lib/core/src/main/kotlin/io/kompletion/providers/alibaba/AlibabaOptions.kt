package io.kompletion.providers.alibaba

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionsBuilder
import kotlinx.serialization.json.JsonElement

/**
 * Alibaba's own options of a chat completion, beside or in place of the fields of a request. An option outranks
 * the field of the request of the same name.
 *
 * @see <a href="https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-openai-chat-completions">Alibaba: chat</a>
 */
public class AlibabaOptions internal constructor(values: Map<String, JsonElement>) : OpenOptions(PROVIDER, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [AlibabaOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : OptionsBuilder<Builder>(from) {
        /**
         * Where the region is reached that is asked: [SINGAPORE] unless set, [VIRGINIA], [BEIJING] or any other. A
         * key works in one region alone. Not part of the request's body.
         */
        @get:JvmSynthetic @set:JvmSynthetic public var baseUrl: String? by text("base_url")

        /** Whether the model may search the web. */
        @get:JvmSynthetic @set:JvmSynthetic public var enableSearch: Boolean? by truth("enable_search")

        /** How it searches, e.g. `{"forced_search":true}`. */
        @get:JvmSynthetic @set:JvmSynthetic public var searchOptions: JsonElement? by tree("search_options")

        /** Whether a model that can do both thinks; off unless set. */
        @get:JvmSynthetic @set:JvmSynthetic public var enableThinking: Boolean? by truth("enable_thinking")

        /** Most tokens to think with; switches thinking on when [enableThinking] does not say otherwise. */
        @get:JvmSynthetic @set:JvmSynthetic public var thinkingBudget: Int? by whole("thinking_budget")

        /** The next token comes from so many likeliest ones. */
        @get:JvmSynthetic @set:JvmSynthetic public var topK: Int? by whole("top_k")

        /** Above 1 the model repeats itself less; 1 is no penalty. */
        @get:JvmSynthetic @set:JvmSynthetic public var repetitionPenalty: Double? by number("repetition_penalty")

        /** Whether a model that sees gets images in a higher resolution, for more tokens. */
        @get:JvmSynthetic @set:JvmSynthetic
        public var vlHighResolutionImages: Boolean? by truth("vl_high_resolution_images")

        public fun baseUrl(value: String?): Builder = apply { baseUrl = value }

        public fun enableSearch(value: Boolean?): Builder = apply { enableSearch = value }

        public fun searchOptions(value: JsonElement?): Builder = apply { searchOptions = value }

        /** The same as JSON text. */
        public fun searchOptions(json: String): Builder = searchOptions(parsed("search_options", json))

        public fun enableThinking(value: Boolean?): Builder = apply { enableThinking = value }

        public fun thinkingBudget(value: Int?): Builder = apply { thinkingBudget = value }

        public fun topK(value: Int?): Builder = apply { topK = value }

        public fun repetitionPenalty(value: Double?): Builder = apply { repetitionPenalty = value }

        public fun repetitionPenalty(value: Double): Builder = apply { repetitionPenalty = value }

        public fun vlHighResolutionImages(value: Boolean?): Builder = apply { vlHighResolutionImages = value }

        public fun build(): AlibabaOptions = AlibabaOptions(values)
    }

    public companion object {
        internal const val PROVIDER = "alibaba"

        /** Base URL of the region Singapore, the default. */
        public const val SINGAPORE: String = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"

        /** Base URL of the region Virginia. */
        public const val VIRGINIA: String = "https://dashscope-us.aliyuncs.com/compatible-mode/v1"

        /** Base URL of the region Beijing. */
        public const val BEIJING: String = "https://dashscope.aliyuncs.com/compatible-mode/v1"

        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): AlibabaOptions = builder().apply(build).build()
    }
}
