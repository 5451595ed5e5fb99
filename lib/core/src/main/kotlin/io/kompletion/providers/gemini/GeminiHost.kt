package io.kompletion.providers.gemini

import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.PathSegment
import io.kompletion.internal.wire.RequestHeaders
import io.kompletion.provider.Target
import io.kompletion.transport.WireHeaders

/**
 * What differs between the two places that speak this protocol.
 *
 * @property version what a base URL without a version gets
 * @property takesCallIds whether calls and their results go out with ids; the other place refuses the field
 * @property takesLabels whether a request may have labels for the bill
 * @property tierHeader the header that the service tier goes into; null when it is a field of the body
 * @property mixesTools whether server-side tools beside functions have to be asked for in so many words
 * @property finishReasons the finish reasons by their numbers, for answers that say them as numbers
 * @property countsWholeRequests whether tokens are counted of a request inside the question; the other place counts fields
 */
internal class GeminiHost private constructor(
    private val version: String,
    val takesCallIds: Boolean,
    val takesLabels: Boolean,
    val tierHeader: String?,
    val mixesTools: Boolean,
    val finishReasons: List<String>,
    val countsWholeRequests: Boolean,
    private val place: (Target) -> String,
) {
    /** Where [target]'s model is asked, behind its base URL. */
    fun path(target: Target, streaming: Boolean): String {
        val versioned = if (VERSION.containsMatchIn(target.baseUrl)) "" else version
        val verb = if (streaming) "streamGenerateContent?alt=sse" else "generateContent"
        return "$versioned${place(target)}:$verb"
    }

    /**
     * The headers of a request with [tier], which is Google's word for a service tier, or null; and who pays, where the
     * credentials say so.
     */
    fun headers(target: Target, streaming: Boolean, tier: String?): WireHeaders = RequestHeaders.of(target, streaming) {
        if (tierHeader != null && tier != null) set(tierHeader, tier)
        target.settings["quota_project_id"]?.let { set("x-goog-user-project", it) }
    }

    companion object {
        /** The Gemini Developer API. */
        val DEVELOPER = GeminiHost(
            version = "/v1beta",
            takesCallIds = true,
            takesLabels = false,
            tierHeader = null,
            mixesTools = true,
            finishReasons = listOf(
                "FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER", "LANGUAGE",
                "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MALFORMED_FUNCTION_CALL", "IMAGE_SAFETY",
                "UNEXPECTED_TOOL_CALL",
            ),
            countsWholeRequests = true,
            place = ::developerPlace,
        )

        /**
         * Vertex AI: settings `project_id` and `region` say the place; without a project the path is that of the
         * express mode.
         */
        val VERTEX = GeminiHost(
            version = "/v1",
            takesCallIds = false,
            takesLabels = true,
            tierHeader = "X-Vertex-AI-LLM-Shared-Request-Type",
            mixesTools = false,
            finishReasons = listOf(
                "FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER", "BLOCKLIST",
                "PROHIBITED_CONTENT", "SPII", "MALFORMED_FUNCTION_CALL", "MODEL_ARMOR", "IMAGE_SAFETY",
                "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER", "UNEXPECTED_TOOL_CALL", "NO_IMAGE",
            ),
            countsWholeRequests = false,
            place = ::vertexPlace,
        )

        /** The name of [model] in bodies of the Developer API. */
        fun resource(model: String): String =
            if (DEVELOPER_KINDS.any { model.startsWith("$it/") }) model else "models/$model"

        /** A name, or the path of one: a path has as many segments as its kind, so that no name leads deeper. */
        private fun developerPlace(target: Target): String {
            val model = target.model
            val kind = DEVELOPER_KINDS.firstOrNull { model.startsWith("$it/") } ?: return "/models/${segment(model)}"
            return "/$kind/${segment(model.substring(kind.length + 1))}"
        }

        private fun vertexPlace(target: Target): String {
            val model = target.model
            if (model.startsWith("projects/")) return "/${path(model, RESOURCES)}"
            val project = target.settings["project_id"]
            val region = target.settings["region"]
            val place = if (project == null) {
                ""
            } else {
                "/projects/${segment(project)}/locations/${segment(region ?: "global")}"
            }
            return when {
                model.startsWith("publishers/") || model.startsWith("endpoints/") -> "$place/${path(model, MODELS)}"
                model.startsWith("models/") -> "$place/publishers/google/${path(model, PUBLISHED)}"
                else -> "$place/publishers/google/models/${segment(model)}"
            }
        }

        /** [model] with its segments encoded, when it is of one of [shapes]. */
        private fun path(model: String, shapes: List<String>): String {
            val segments = model.split('/')
            val fits = shapes.map { it.split('/') }.any { shape ->
                shape.size == segments.size && shape.indices.all { shape[it] == ANY || shape[it] == segments[it] }
            }
            if (fits) return segments.joinToString("/", transform = ::segment)
            throw InvalidRequestException(
                "model \"${ErrorDetails.printable(
                    model,
                    SHOWN,
                )}\" is no path of a model at Google: write the name alone, " +
                    "or ${shapes.joinToString(" or ")}",
                ErrorDetails.builder().param("model").build(),
            )
        }

        private fun segment(text: String): String {
            if (PathSegment.fits(text)) return PathSegment.encode(text)
            throw InvalidRequestException(
                "the name of the model contains an empty or relative path segment",
                ErrorDetails.builder().param("model").build(),
            )
        }

        private const val SHOWN = 80
        private const val ANY = "*"
        private val DEVELOPER_KINDS = listOf("models", "tunedModels")
        private val PUBLISHED = listOf("models/*")
        private val MODELS = listOf("publishers/*/models/*", "endpoints/*")
        private val RESOURCES = MODELS.map { "projects/*/locations/*/$it" } + "projects/*/locations/*/models/*"
        private val VERSION = Regex("/v\\d+((alpha|beta)\\d*)?$")
    }
}
