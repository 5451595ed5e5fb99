package io.kompletion.providers.anthropic

import io.kompletion.chat.RateLimits
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.KompletionException
import io.kompletion.internal.wire.ErrorClasses
import io.kompletion.internal.wire.ErrorText
import io.kompletion.internal.wire.RetryHints
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
import io.kompletion.internal.wire.text
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.time.DateTimeException
import java.time.Duration
import java.time.Instant
import java.time.OffsetDateTime

/**
 * Errors as Anthropic writes them, `{"type":"error","error":{type,message},"request_id"}`, as answers of their own and
 * as events of a stream; those of Google, where Google stands in front; and the pages of proxies.
 *
 * @see <a href="https://docs.anthropic.com/en/api/errors">Anthropic: errors</a>
 */
internal object AnthropicErrors {
    fun of(status: Int, headers: WireHeaders, body: String, requestId: String?, now: Instant): KompletionException {
        val parsed = WireJson.parse(body)?.let(::unwrapped)
        val error = parsed?.let(::errorOf)
        val said = error?.text("message") ?: parsed?.text("message") ?: ErrorText.of(body)
        val message = ErrorText.answered(status, said)
        val details = details(error)
            .status(status)
            .requestId(requestId ?: parsed?.string("request_id"))
            .retryAfter(RetryHints.retryAfter(headers, now) ?: resetOfExhausted(status, headers, now) ?: delayIn(error))
            .retryable(RetryHints.shouldRetry(headers))
            .body(body)
            .build()
        return exception(said, message, status, details)
    }

    /** The error inside a 200, or null when [body] is none. */
    fun inside(body: JsonElement): KompletionException? {
        val fields = unwrapped(body) ?: return null
        val error = errorOf(fields) ?: return null
        val said = error.text("message") ?: body.toString()
        val status = STATUSES[error.string("type")] ?: ErrorClasses.statusFor(error.text("code"), typeOf(error))
        val details = details(error).status(status).requestId(fields.string("request_id")).body(body.toString()).build()
        val message = ErrorText.inside(said)
        return exception(said, message, status, details)
    }

    /** Google puts the errors of streams into an array. */
    private fun unwrapped(body: JsonElement): JsonObject? =
        ((body as? JsonArray)?.singleOrNull() ?: body) as? JsonObject

    /** Google's front says `status` where Anthropic says `type`. */
    private fun typeOf(error: JsonObject): String? = error.string("type") ?: error.string("status")

    /** The pause that Google asks for, among its details. */
    private fun delayIn(error: JsonObject?): Duration? = error?.array("details").orEmpty()
        .firstNotNullOfOrNull { (it as? JsonObject)?.string("retryDelay") }
        ?.let(RetryHints::seconds)

    private fun errorOf(body: JsonObject): JsonObject? = body.obj("error")
        ?: body.takeIf { it.string("type") == "error" }

    private fun details(error: JsonObject?): ErrorDetails.Builder {
        val specific = error?.obj("details")?.string("error_code") ?: error?.text("code")
        return ErrorDetails.builder()
            .type(error?.let(::typeOf)?.takeIf { it != "error" })
            .code(specific)
            .param(error?.text("param"))
    }

    private fun exception(said: String, message: String, status: Int, details: ErrorDetails): KompletionException {
        // An empty account is told as a bad request, by its text alone.
        if (NO_CREDIT in said) return InsufficientFundsException(message, details)
        return ErrorClasses.exception(message, status, details)
    }

    /** When a limit is used up and no pause is named, the time until that limit resets is the pause. */
    private fun resetOfExhausted(status: Int, headers: WireHeaders, now: Instant): Duration? {
        if (status != 429) return null
        return KINDS.filter { headers["$PREFIX$it-remaining"]?.trim() == "0" }
            .mapNotNull { until(headers["$PREFIX$it-reset"], now) }
            .maxOrNull()
    }

    /** The `anthropic-ratelimit-…` headers, or null when there are none. Resets are points in time, RFC 3339. */
    fun rateLimits(headers: WireHeaders, now: Instant): RateLimits? {
        fun count(name: String) = headers["$PREFIX$name"]?.trim()?.toLongOrNull()?.takeIf { it >= 0 }
        val tokens = listOf("tokens", "input-tokens").firstOrNull { headers["$PREFIX$it-limit"] != null } ?: "tokens"
        val limits = RateLimits(
            limitRequests = count("requests-limit"),
            remainingRequests = count("requests-remaining"),
            resetRequests = until(headers["${PREFIX}requests-reset"], now),
            limitTokens = count("$tokens-limit"),
            remainingTokens = count("$tokens-remaining"),
            resetTokens = until(headers["$PREFIX$tokens-reset"], now),
        )
        return limits.takeIf { it != RateLimits(null) }
    }

    /** A reset that has passed is no pause. */
    private fun until(time: String?, now: Instant): Duration? = try {
        time?.let {
            Duration.between(now, OffsetDateTime.parse(it.trim()).toInstant())
        }?.let { maxOf(it, Duration.ZERO) }
    } catch (_: DateTimeException) {
        null
    }

    private const val PREFIX = "anthropic-ratelimit-"
    private const val NO_CREDIT = "credit balance is too low"
    private val KINDS = listOf("requests", "tokens", "input-tokens", "output-tokens")

    /** The statuses that stand for the types, for errors inside a 200. */
    private val STATUSES = mapOf(
        "invalid_request_error" to 400,
        "authentication_error" to 401,
        "billing_error" to 402,
        "permission_error" to 403,
        "not_found_error" to 404,
        "request_too_large" to 413,
        "rate_limit_error" to 429,
        "api_error" to 500,
        "timeout_error" to 504,
        "overloaded_error" to 529,
    )
}
