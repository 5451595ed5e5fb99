package io.kompletion.testkit.bedrock

import io.kompletion.testkit.internal.FakeFailure
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** Errors as Amazon writes them: the name in a header, the text in the body. */
internal object AwsErrors {
    const val TYPE = "x-amzn-errortype"

    fun headers(failure: FakeFailure): List<Pair<String, String>> =
        typeOf(failure)?.let { listOf(TYPE to "$it:http://internal.amazon.com/coral/com.amazon.bedrock/") }.orEmpty()

    fun body(failure: FakeFailure): JsonObject = buildJsonObject {
        put("message", failure.message ?: "The request was refused with status ${failure.status}.")
    }

    /** The name of a failure inside a stream. */
    fun inStream(failure: FakeFailure): String =
        (typeOf(failure) ?: "InternalServerException").replaceFirstChar { it.lowercaseChar() }

    private fun typeOf(failure: FakeFailure): String? =
        TYPES[failure.type] ?: failure.type ?: TYPES["${failure.status}"]

    private val TYPES = mapOf(
        "400" to "ValidationException",
        "401" to "UnrecognizedClientException",
        "403" to "AccessDeniedException",
        "404" to "ResourceNotFoundException",
        "408" to "ModelTimeoutException",
        "422" to "ValidationException",
        "429" to "ThrottlingException",
        "500" to "InternalServerException",
        "503" to "ServiceUnavailableException",
        // The words that a script writes for all wires.
        "rate_limit_error" to "ThrottlingException",
        "overloaded_error" to "ServiceUnavailableException",
        "server_error" to "InternalServerException",
        "api_error" to "InternalServerException",
    )
}
