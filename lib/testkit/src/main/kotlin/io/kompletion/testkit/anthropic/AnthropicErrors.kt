package io.kompletion.testkit.anthropic

import io.kompletion.testkit.internal.FakeFailure
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject

/** Anthropic's envelope around [failure], with what Anthropic says at that status where the failure is silent. */
internal fun anthropicError(failure: FakeFailure, requestId: String): JsonObject = buildJsonObject {
    put("type", "error")
    putJsonObject("error") {
        put("type", failure.type ?: TYPES[failure.status] ?: usualType(failure.status))
        put("message", failure.message ?: "The request was refused with status ${failure.status}.")
    }
    put("request_id", requestId)
}

private fun usualType(status: Int) = if (status >= 500) "api_error" else "invalid_request_error"

private val TYPES = mapOf(
    401 to "authentication_error",
    402 to "billing_error",
    403 to "permission_error",
    404 to "not_found_error",
    413 to "request_too_large",
    429 to "rate_limit_error",
    503 to "overloaded_error",
    504 to "timeout_error",
    529 to "overloaded_error",
)
