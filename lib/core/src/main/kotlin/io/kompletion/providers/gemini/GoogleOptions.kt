package io.kompletion.providers.gemini

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionField
import io.kompletion.chat.OptionsBuilder
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement

/**
 * Options of Google's Gemini, beside or in place of the fields of a request: what Google calls `GenerateContentConfig`.
 * An option outranks the field of the request of the same meaning. `with` takes every other name of it, in either
 * spelling (`response_modalities`, `toolConfig` …), and puts it where it belongs.
 *
 * @see <a href="https://ai.google.dev/api/generate-content">Google: generating content</a>
 */
public class GoogleOptions internal constructor(values: Map<String, JsonElement>) :
    OpenOptions(GeminiProvider.ID, values) {
    public fun toBuilder(): Builder = Builder(toMap())

    /** Collects [GoogleOptions]. Passing null unsets an option. */
    public class Builder internal constructor(from: Map<String, JsonElement>) : OptionsBuilder<Builder>(from) {
        /** How the model thinks; off unless set, where a model can turn it off. */
        @get:JvmSynthetic @set:JvmSynthetic public var thinkingConfig: ThinkingConfig?
            by OptionField(values, "thinking_config", ThinkingConfig::toJson, ThinkingConfig::of)

        /** From which probability of harm on answers are blocked, one for each category. */
        @get:JvmSynthetic @set:JvmSynthetic public var safetySettings: List<SafetySetting>? by safetyField()

        /**
         * The name of content that was cached before, `cachedContents/…`. Instructions and tools are part of it; those
         * of the request are dropped with a warning.
         */
        @get:JvmSynthetic @set:JvmSynthetic public var cachedContent: String? by text("cached_content")

        /** How closely pictures are looked at, e.g. `MEDIA_RESOLUTION_LOW`, which changes the price. */
        @get:JvmSynthetic @set:JvmSynthetic public var mediaResolution: String? by text("media_resolution")

        /** Voices of a spoken answer. */
        @get:JvmSynthetic @set:JvmSynthetic public var speechConfig: JsonElement? by tree("speech_config")

        /** Size and aspect ratio of a drawn answer. */
        @get:JvmSynthetic @set:JvmSynthetic public var imageConfig: JsonElement? by tree("image_config")

        /** How tools are called; joined with what the request says about it, and wins. */
        @get:JvmSynthetic @set:JvmSynthetic public var toolConfig: JsonElement? by tree("tool_config")

        /** `standard`, `flex` or `priority`. */
        @get:JvmSynthetic @set:JvmSynthetic public var serviceTier: String? by text("service_tier")

        public fun thinkingConfig(value: ThinkingConfig?): Builder = apply { thinkingConfig = value }

        public fun safetySettings(value: List<SafetySetting>?): Builder = apply { safetySettings = value }

        /** Adds a limit, e.g. `HARM_CATEGORY_HARASSMENT` with `BLOCK_ONLY_HIGH`. */
        public fun safetySetting(category: String, threshold: String): Builder =
            safetySettings(safetySettings.orEmpty() + SafetySetting.of(category, threshold))

        public fun cachedContent(value: String?): Builder = apply { cachedContent = value }

        public fun mediaResolution(value: String?): Builder = apply { mediaResolution = value }

        public fun speechConfig(value: JsonElement?): Builder = apply { speechConfig = value }

        /** The same as JSON text. */
        public fun speechConfig(json: String): Builder = speechConfig(parsed("speech_config", json))

        public fun imageConfig(value: JsonElement?): Builder = apply { imageConfig = value }

        /** The same as JSON text. */
        public fun imageConfig(json: String): Builder = imageConfig(parsed("image_config", json))

        public fun toolConfig(value: JsonElement?): Builder = apply { toolConfig = value }

        /** The same as JSON text. */
        public fun toolConfig(json: String): Builder = toolConfig(parsed("tool_config", json))

        public fun serviceTier(value: String?): Builder = apply { serviceTier = value }

        private fun safetyField() = OptionField<List<SafetySetting>>(
            values,
            "safety_settings",
            { all -> JsonArray(all.map { it.toJson() }) },
            { json -> (json as? JsonArray)?.mapNotNull(SafetySetting::of) },
        )

        public fun build(): GoogleOptions = GoogleOptions(values)
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): GoogleOptions = builder().apply(build).build()
    }
}
