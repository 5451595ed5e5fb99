package io.kompletion.testkit.gemini

/** The two ways to Google's models: they differ in paths, credentials and a few fields. */
internal enum class GeminiApi(val basePath: String, private val path: Regex, val fields: Set<String>) {
    DEVELOPER("/v1beta", Regex("/(v1(?:beta|alpha)?)/models/([^/:]+):(\\w+)"), setOf("serviceTier", "store")),
    VERTEX(
        "/v1",
        Regex("/(v1(?:beta1)?)/projects/[^/]+/locations/[^/]+/publishers/google/models/([^/:]+):(\\w+)"),
        setOf("labels", "modelArmorConfig"),
    ),
    ;

    /** What [path] asks for; null when it is none of this API's. */
    fun call(path: String): GeminiPath? = this.path.matchEntire(path)?.let { match ->
        val (version, model, verb) = match.destructured
        if (verb == WHOLE || verb == STREAM) GeminiPath(model, verb == STREAM, hasCallIds(version)) else null
    }

    /** Vertex AI knows ids of calls in its beta only. */
    private fun hasCallIds(version: String) = this == DEVELOPER || version == "v1beta1"

    private companion object {
        const val WHOLE = "generateContent"
    }
}

internal const val STREAM = "streamGenerateContent"

/**
 * A path, read.
 *
 * @property model as it stands in the path, escapes included
 * @property hasCallIds true when calls and results have the field `id`
 */
internal class GeminiPath(val model: String, val isStreaming: Boolean, val hasCallIds: Boolean)
