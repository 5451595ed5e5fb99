package io.kompletion.providers.cohere

import io.kompletion.error.AuthenticationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.KompletionException
import io.kompletion.internal.wire.ErrorClasses
import io.kompletion.internal.wire.ErrorText
import io.kompletion.internal.wire.RetryHints
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.string
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/**
 * Errors as Cohere writes them: `{"message","id","error_type"}` as answers of their own, and a finish reason `ERROR` or
 * `TIMEOUT` with `error` and `error_type` beside it inside an answer; and the pages of proxies.
 *
 * @see <a href="https://docs.cohere.com/reference/errors">Cohere: errors</a>
 */
internal object CohereErrors {
    fun of(status: Int, headers: WireHeaders, body: String, requestId: String?, now: Instant): KompletionException {
        val parsed = WireJson.parse(body) as? JsonObject
        val said = parsed?.string("message") ?: parsed?.string("data") ?: ErrorText.of(body)
        val message = ErrorText.answered(status, said)
        val details = ErrorDetails.builder()
            .status(status)
            .code(parsed?.string("error_type"))
            .requestId(requestId ?: parsed?.string("id"))
            .retryAfter(RetryHints.retryAfter(headers, now) ?: pause(status, headers, now))
            .retryable(RetryHints.shouldRetry(headers))
            .body(body)
            .build()
        return when {
            status == INVALID_TOKEN -> AuthenticationException(message, details)

            // A trial key has so many calls a month beside those a minute; nothing but the words tells them apart.
            status == TOO_MANY && A_MONTH in said -> InsufficientFundsException(message, details)

            else -> ErrorClasses.exception(message, status, details)
        }
    }

    private fun pause(status: Int, headers: WireHeaders, now: Instant) =
        if (status == TOO_MANY) CohereLimits.untilReset(headers, now) else null

    /** The error that stands in the place of an answer or an event, or null when [body] is none. */
    fun inside(body: JsonElement): KompletionException? {
        val fields = body as? JsonObject ?: return null
        if ("type" in fields || "finish_reason" in fields) return null
        val said = fields.string("message") ?: fields.string("error") ?: return null
        return failure(said, fields.string("error_type"), fields.string("id"), body)
    }

    /** The model ended with [reason], which is a failure; null when it is none. [end] says more. */
    fun ended(reason: String, end: JsonObject): KompletionException? {
        if (reason !in FAILURES) return null
        val said = end.string("error") ?: "the model ended with $reason"
        return failure(said, end.string("error_type") ?: reason, null, end)
    }

    private fun failure(said: String, code: String?, requestId: String?, body: JsonElement): KompletionException {
        val status = STATUSES[code] ?: ErrorClasses.statusFor(code, null)
        val details = ErrorDetails.builder().status(
            status,
        ).code(code).requestId(requestId).body(body.toString()).build()
        return ErrorClasses.exception(ErrorText.inside(said), status, details)
    }

    private const val INVALID_TOKEN = 498
    private const val TOO_MANY = 429
    private const val A_MONTH = "calls / month"
    private val FAILURES = setOf("ERROR", "TIMEOUT")
    private val STATUSES = mapOf("TIMEOUT" to 504)
}
