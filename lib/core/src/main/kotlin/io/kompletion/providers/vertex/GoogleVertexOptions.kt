package io.kompletion.providers.vertex

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionField
import io.kompletion.providers.gemini.SafetySetting
import io.kompletion.providers.gemini.ThinkingConfig
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement

/**
 * Options of `google_vertex`: where at Google Cloud, with which credentials, and Google's own fields of a request, in
 * camel case or snake case.
 *
 * Credentials that are set here reach Google's token endpoint only; they are in no request body, and neither in the text
 * nor in the JSON of a request.
 *
 * @see <a href="https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference">Google Cloud: Gemini</a>
 */
public class GoogleVertexOptions internal constructor(values: Map<String, JsonElement>) :
    OpenOptions(GoogleVertexProvider.ID, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [GoogleVertexOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : VertexOptionsBuilder<Builder>(from) {
        /** How the model thinks; off unless set, where a model can turn it off. */
        @get:JvmSynthetic @set:JvmSynthetic public var thinkingConfig: ThinkingConfig?
            by OptionField(values, "thinking_config", ThinkingConfig::toJson, ThinkingConfig::of)

        /** From which probability of harm on answers are blocked, one for each category. */
        @get:JvmSynthetic @set:JvmSynthetic public var safetySettings: List<SafetySetting>? by settings()

        /** The full name of content that was cached before, `projects/…/cachedContents/…`. */
        @get:JvmSynthetic @set:JvmSynthetic public var cachedContent: String? by text("cached_content")

        /** Labels for the bill. */
        @get:JvmSynthetic @set:JvmSynthetic public var labels: Map<String, String>? by pairs("labels")

        public fun thinkingConfig(value: ThinkingConfig?): Builder = apply { thinkingConfig = value }

        public fun safetySettings(value: List<SafetySetting>?): Builder = apply { safetySettings = value }

        /** Adds a limit, e.g. `HARM_CATEGORY_HARASSMENT` with `BLOCK_ONLY_HIGH`. */
        public fun safetySetting(category: String, threshold: String): Builder =
            safetySettings(safetySettings.orEmpty() + SafetySetting.of(category, threshold))

        public fun cachedContent(value: String?): Builder = apply { cachedContent = value }

        public fun labels(value: Map<String, String>?): Builder = apply { labels = value }

        private fun settings() = OptionField<List<SafetySetting>>(
            values,
            "safety_settings",
            { all -> JsonArray(all.map { it.toJson() }) },
            { json -> (json as? JsonArray)?.mapNotNull(SafetySetting::of) },
        )

        public fun build(): GoogleVertexOptions = GoogleVertexOptions(values)
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): GoogleVertexOptions = builder().apply(build).build()
    }
}
