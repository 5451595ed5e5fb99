package io.kompletion.testkit.openai

import io.kompletion.testkit.internal.FakeFailure
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject

internal const val INVALID_REQUEST = "invalid_request_error"

/** OpenAI's envelope around [failure], with what OpenAI says at that status where the failure is silent. */
internal fun openAiError(failure: FakeFailure): JsonObject {
    val usual = usual(failure.status)
    val says = failure.message != null || failure.type != null || failure.code != null
    return buildJsonObject {
        putJsonObject("error") {
            put("message", failure.message ?: usual.message)
            put("type", failure.type ?: usual.type)
            put("param", failure.param)
            put("code", if (says) failure.code else usual.code)
        }
    }
}

private class Usual(val message: String, val type: String, val code: String?)

private fun usual(status: Int): Usual = when (status) {
    401 -> Usual("Incorrect API key provided: fake-key.", INVALID_REQUEST, "invalid_api_key")
    403 -> Usual("You are not allowed to sample from this model", INVALID_REQUEST, null)
    404 -> Usual("The model `fake` does not exist or you do not have access to it.", INVALID_REQUEST, "model_not_found")
    429 -> Usual("Rate limit reached for requests. Please try again later.", "requests", "rate_limit_exceeded")
    503 -> Usual("The engine is currently overloaded, please try again later", "server_error", "server_is_overloaded")
    in 500..599 -> Usual("The server had an error processing your request. Sorry about that!", "server_error", null)
    else -> Usual("The request was refused with status $status.", INVALID_REQUEST, null)
}
