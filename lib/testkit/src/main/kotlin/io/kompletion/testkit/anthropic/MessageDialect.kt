package io.kompletion.testkit.anthropic

import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.isTrue
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject

/** How a place that serves Anthropic's models wants to be asked, and how it refuses. */
internal interface MessageDialect {
    /** Throws when path, key or version are wrong; [apiKey] is the only good key, or null. */
    fun checkHead(http: LoopbackRequest, apiKey: String?)

    /** [body] as Anthropic itself would get it. */
    fun body(http: LoopbackRequest, body: JsonObject): JsonObject

    fun error(failure: FakeFailure, requestId: String): JsonObject
}

/** Anthropic's own API. */
internal object OwnDialect : MessageDialect {
    override fun checkHead(http: LoopbackRequest, apiKey: String?) {
        if (http.method != "POST" || http.path != "/v1/messages") throw RefusedException(404, "Not Found")
        val key = http.header("x-api-key")?.trim().orEmpty()
        if (key.isEmpty()) throw RefusedException(401, "x-api-key header is required")
        if (apiKey != null && key != apiKey) throw RefusedException(401, "invalid x-api-key")
        if (http.header("anthropic-version") == null) {
            throw RefusedException(400, "anthropic-version: header is required")
        }
    }

    override fun body(http: LoopbackRequest, body: JsonObject): JsonObject = body

    override fun error(failure: FakeFailure, requestId: String): JsonObject = anthropicError(failure, requestId)
}

/** Google Cloud: the model stands in the path, and what Google itself refuses is told in Google's form. */
internal object VertexDialect : MessageDialect {
    override fun checkHead(http: LoopbackRequest, apiKey: String?) {
        if (http.method != "POST" || !PATH.matches(http.path)) throw RefusedException(404, "Not Found")
        val token = http.header("authorization")?.trim().orEmpty()
        if (!token.startsWith(BEARER)) throw RefusedException(401, "Request is missing required authentication.")
        if (apiKey != null && token != BEARER + apiKey) {
            throw RefusedException(401, "Request had invalid authentication credentials.")
        }
    }

    override fun body(http: LoopbackRequest, body: JsonObject): JsonObject {
        val (model, verb) = checkNotNull(PATH.matchEntire(http.path)).destructured
        if (body.text("anthropic_version") != VERSION) {
            throw RefusedException(400, "anthropic_version: Input should be '$VERSION'")
        }
        if ("model" in body) throw RefusedException(400, "model: Extra inputs are not permitted")
        if (body.isTrue("stream") != (verb == STREAM)) {
            throw RefusedException(400, "stream: does not fit the method $verb")
        }
        return JsonObject(body - "anthropic_version" + ("model" to JsonPrimitive(model)))
    }

    override fun error(failure: FakeFailure, requestId: String): JsonObject {
        val status = STATUSES[failure.status] ?: return anthropicError(failure, requestId)
        return buildJsonObject {
            putJsonObject("error") {
                put("code", failure.status)
                put("message", failure.message ?: "The request was refused with status ${failure.status}.")
                put("status", status)
                putJsonArray("details") {}
            }
        }
    }

    private const val BEARER = "Bearer "
    private const val VERSION = "vertex-2023-10-16"
    private const val STREAM = "streamRawPredict"
    private val PATH =
        Regex("/v1/projects/[^/]+/locations/[^/]+/publishers/anthropic/models/([^/:]+):(rawPredict|$STREAM)")
    private val STATUSES = mapOf(
        401 to "UNAUTHENTICATED",
        403 to "PERMISSION_DENIED",
        404 to "NOT_FOUND",
        429 to "RESOURCE_EXHAUSTED",
        503 to "UNAVAILABLE",
    )
}
