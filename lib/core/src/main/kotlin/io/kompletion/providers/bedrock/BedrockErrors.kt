package io.kompletion.providers.bedrock

import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.internal.wire.ErrorClasses
import io.kompletion.internal.wire.ErrorText
import io.kompletion.internal.wire.RetryHints
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.string
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/**
 * Errors as Amazon writes them: the name in the header `x-amzn-errortype`, in `__type` of the body or in the head of a
 * frame, the text in `message`. The name decides; the status where there is none.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html">AWS: Bedrock's errors</a>
 */
internal object BedrockErrors {
    fun of(status: Int, headers: WireHeaders, body: String, requestId: String?, now: Instant): KompletionException {
        val fields = WireJson.parse(body) as? JsonObject
        val type = headers["x-amzn-errortype"]?.let(::plain) ?: fields?.let(::typeIn)
        val said = fields?.let(::messageIn) ?: ErrorText.of(body)
        val shown = ErrorDetails.printable(said, MESSAGE_CHARS)
        val message = "HTTP $status" + if (said.isBlank()) " without a body" else ": $shown"
        val details = details(type).status(status).requestId(requestId).body(body)
            .retryAfter(RetryHints.retryAfter(headers, now))
        RetryHints.shouldRetry(headers)?.let(details::retryable)
        return ErrorClasses.exception(message, meant(type, fields) ?: status, details.build())
    }

    /** The failure of a stream that has begun: a frame that is an exception or an error. */
    fun inStream(type: String, body: String): KompletionException {
        val fields = WireJson.parse(body) as? JsonObject
        val name = plain(type).replaceFirstChar { it.uppercaseChar() }
        return inside(name, fields, fields?.let(::messageIn) ?: body, body)
    }

    /** The error inside a 200, or null when [body] is none. */
    fun inside(body: JsonElement): KompletionException? {
        val fields = body as? JsonObject ?: return null
        val type = typeIn(fields)
        val said = messageIn(fields)
        if (type == null && (said == null || fields.keys.any { it !in ERROR })) return null
        return inside(type, fields, said ?: body.toString(), body.toString())
    }

    private fun inside(type: String?, fields: JsonObject?, said: String, body: String): KompletionException {
        val status = meant(type, fields) ?: FAILED
        val named = type.orEmpty().ifEmpty { "error" }
        val message = "$named in the answer: ${ErrorDetails.printable(said, MESSAGE_CHARS)}"
        return ErrorClasses.exception(message, status, details(type).status(status).body(body).build())
    }

    private fun details(type: String?): ErrorDetails.Builder {
        val details = ErrorDetails.builder().type(type?.ifEmpty { null })
        // A quota of the account does not pass by waiting a moment.
        return if (type == "ServiceQuotaExceededException") details.retryable(false) else details
    }

    private fun typeIn(fields: JsonObject): String? = (fields.string("__type") ?: fields.string("code"))?.let(::plain)

    private fun messageIn(fields: JsonObject): String? =
        fields.string("message") ?: fields.string("Message") ?: fields.string("originalMessage")

    /** `com.amazon.coral#ThrottlingException:http://…` without what stands around the name. */
    private fun plain(type: String): String = type.substringAfterLast('#').substringBefore(':').trim()

    /** The status that says what [type] means; null when nobody knows the type. */
    private fun meant(type: String?, fields: JsonObject?): Int? = when (type) {
        "ModelErrorException", "ModelStreamErrorException" ->
            fields?.int("originalStatusCode")?.takeIf { it in STATUSES && it != MODEL_FAILED } ?: FAILED

        else -> MEANINGS[type]
    }

    private const val MESSAGE_CHARS = 1000
    private const val FAILED = 500

    /** The status under which Bedrock hands on what went wrong in a model. */
    private const val MODEL_FAILED = 424
    private val STATUSES = 400..599
    private val ERROR = setOf("message", "Message", "__type", "code")
    private val MEANINGS = mapOf(
        "ValidationException" to 400,
        "ConflictException" to 400,
        "SerializationException" to 400,
        "UnrecognizedClientException" to 401,
        "InvalidSignatureException" to 401,
        "IncompleteSignature" to 401,
        "IncompleteSignatureException" to 401,
        "SignatureDoesNotMatch" to 401,
        "MissingAuthenticationToken" to 401,
        "MissingAuthenticationTokenException" to 401,
        "InvalidClientTokenId" to 401,
        "ExpiredToken" to 401,
        "ExpiredTokenException" to 401,
        "RequestExpired" to 401,
        "AccessDeniedException" to 403,
        "OptInRequired" to 403,
        "ResourceNotFoundException" to 404,
        "ModelTimeoutException" to 408,
        "ThrottlingException" to 429,
        "TooManyRequestsException" to 429,
        "ServiceQuotaExceededException" to 429,
        "InternalServerException" to 500,
        "InternalFailure" to 500,
        "ModelNotReadyException" to 503,
        "ServiceUnavailableException" to 503,
        "ServiceUnavailable" to 503,
    )
}
