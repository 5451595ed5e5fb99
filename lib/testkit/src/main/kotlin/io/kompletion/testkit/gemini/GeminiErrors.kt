package io.kompletion.testkit.gemini

import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.RefusedException
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonArray
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject

internal fun refuse(message: String): Nothing = throw RefusedException(400, message)

/**
 * Google's envelope around [failure], with what Google says at that status where the failure is silent.
 *
 * @param code what stands in the body as the status
 * @param retryAfter seconds as decimal text
 */
internal fun geminiError(failure: FakeFailure, code: Int = failure.status, retryAfter: String? = null): JsonObject {
    val message = failure.message ?: MESSAGES[failure.status] ?: "The request failed with status ${failure.status}."
    val details = buildJsonArray {
        failure.code?.takeIf { it !in NAMES_ELSEWHERE }?.let { reason ->
            addJsonObject {
                put("@type", "$TYPES.ErrorInfo")
                put("reason", reason)
                put("domain", "googleapis.com")
            }
        }
        failure.param?.let { param ->
            addJsonObject {
                put("@type", "$TYPES.BadRequest")
                putJsonArray("fieldViolations") {
                    addJsonObject {
                        put("field", param)
                        put("description", message)
                    }
                }
            }
        }
        retryAfter?.let {
            addJsonObject {
                put("@type", "$TYPES.RetryInfo")
                put("retryDelay", "${it}s")
            }
        }
    }
    return buildJsonObject {
        putJsonObject("error") {
            put("code", code)
            put("message", message)
            put("status", statusName(failure))
            if (details.isNotEmpty()) put("details", details)
        }
    }
}

/** The number that goes with the name of [failure]; errors inside a stream have no other. */
internal fun statusCode(failure: FakeFailure): Int =
    NAMES.entries.firstOrNull { it.value == statusName(failure) }?.key ?: failure.status

private fun statusName(failure: FakeFailure): String = failure.type?.let { NAMES_ELSEWHERE[it] ?: it }
    ?: NAMES_ELSEWHERE[failure.code]
    ?: NAMES[failure.status]
    ?: if (failure.status >= 500) "INTERNAL" else "INVALID_ARGUMENT"

private const val TYPES = "type.googleapis.com/google.rpc"

private val NAMES = mapOf(
    400 to "INVALID_ARGUMENT",
    401 to "UNAUTHENTICATED",
    403 to "PERMISSION_DENIED",
    404 to "NOT_FOUND",
    429 to "RESOURCE_EXHAUSTED",
    499 to "CANCELLED",
    500 to "INTERNAL",
    501 to "UNIMPLEMENTED",
    503 to "UNAVAILABLE",
    504 to "DEADLINE_EXCEEDED",
)

/** The names of other providers' wires, so that one script serves them all. */
private val NAMES_ELSEWHERE = mapOf(
    "invalid_request_error" to "INVALID_ARGUMENT",
    "authentication_error" to "UNAUTHENTICATED",
    "permission_error" to "PERMISSION_DENIED",
    "not_found_error" to "NOT_FOUND",
    "rate_limit_error" to "RESOURCE_EXHAUSTED",
    "rate_limit_exceeded" to "RESOURCE_EXHAUSTED",
    "api_error" to "INTERNAL",
    "server_error" to "INTERNAL",
    "overloaded_error" to "UNAVAILABLE",
    "server_is_overloaded" to "UNAVAILABLE",
    "timeout_error" to "DEADLINE_EXCEEDED",
)

private val MESSAGES = mapOf(
    401 to "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other " +
        "valid authentication credential.",
    403 to "The caller does not have permission",
    404 to
        "models/fake is not found for API version v1beta, or is not supported for generateContent. Call ListModels " +
        "to see the list of available models and their supported methods.",
    429 to "Resource has been exhausted (e.g. check quota).",
    500 to "An internal error has occurred. Please retry.",
    503 to "The model is overloaded. Please try again later.",
    504 to "Deadline expired before operation could complete.",
)
