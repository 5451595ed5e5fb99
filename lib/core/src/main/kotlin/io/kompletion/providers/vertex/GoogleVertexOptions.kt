package io.kompletion.providers.vertex

import io.kompletion.chat.OpenOptions
import io.kompletion.chat.OptionsBuilder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive

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
    public class Builder internal constructor(from: Map<String, JsonElement>) : OptionsBuilder<Builder>(from) {
        /** The location, e.g. `us-central1`, or `global`, `us` or `eu`; null: the environment's, else `global`. */
        @get:JvmSynthetic @set:JvmSynthetic public var region: String? by text(VertexPlace.LOCATION)

        /** Id or number of the project; null takes it from the environment, then from the key file. */
        @get:JvmSynthetic @set:JvmSynthetic public var projectId: String? by text(VertexPlace.PROJECT)

        /** The key file of a service account, as an object or as a text that holds one. */
        @get:JvmSynthetic @set:JvmSynthetic
        public var serviceAccountCredentials: JsonElement? by tree(VertexSetup.CREDENTIALS)

        /** Another place in front of `/projects/…`; null is Google's host of the location. */
        @get:JvmSynthetic @set:JvmSynthetic public var baseUrl: String? by text("base_url")

        /** Whether and how the model thinks: `thinkingBudget` or `thinkingLevel`, and `includeThoughts`. */
        @get:JvmSynthetic @set:JvmSynthetic public var thinkingConfig: JsonElement? by tree("thinkingConfig")

        /** What is filtered, and how strictly; an array. */
        @get:JvmSynthetic @set:JvmSynthetic public var safetySettings: JsonElement? by tree("safetySettings")

        /** The full name of a prefix that was cached before. */
        @get:JvmSynthetic @set:JvmSynthetic public var cachedContent: String? by text("cachedContent")

        /** Labels for the bill. */
        @get:JvmSynthetic @set:JvmSynthetic public var labels: Map<String, String>? by pairs("labels")

        public fun region(value: String?): Builder = apply { region = value }

        public fun projectId(value: String?): Builder = apply { projectId = value }

        public fun serviceAccountCredentials(value: JsonElement?): Builder = apply { serviceAccountCredentials = value }

        /** The same as the text of the file. */
        public fun serviceAccountCredentials(json: String): Builder = serviceAccountCredentials(JsonPrimitive(json))

        public fun baseUrl(value: String?): Builder = apply { baseUrl = value }

        public fun thinkingConfig(value: JsonElement?): Builder = apply { thinkingConfig = value }

        /** The same as JSON text. */
        public fun thinkingConfig(json: String): Builder = thinkingConfig(parsed("thinkingConfig", json))

        public fun safetySettings(value: JsonElement?): Builder = apply { safetySettings = value }

        /** The same as JSON text. */
        public fun safetySettings(json: String): Builder = safetySettings(parsed("safetySettings", json))

        public fun cachedContent(value: String?): Builder = apply { cachedContent = value }

        public fun labels(value: Map<String, String>?): Builder = apply { labels = value }

        public fun build(): GoogleVertexOptions = GoogleVertexOptions(values)
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder(emptyMap())

        @JvmSynthetic
        public operator fun invoke(build: Builder.() -> Unit): GoogleVertexOptions = builder().apply(build).build()
    }
}
