package io.kompletion.providers.gemini

import io.kompletion.error.AuthenticationException
import io.kompletion.error.ContentFilteredException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.KompletionException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.ErrorClasses
import io.kompletion.internal.wire.ErrorText
import io.kompletion.internal.wire.RetryHints
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
import io.kompletion.internal.wire.text
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.time.Duration
import java.time.Instant

/**
 * Errors as Google writes them, `{"error":{code,message,status,details}}`, alone or in a list, as answers of their own
 * and in the middle of a stream; and the pages of the proxies before it.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/troubleshooting">Google: errors</a>
 */
internal object GeminiErrors {
    fun of(status: Int, headers: WireHeaders, body: String, requestId: String?, now: Instant): KompletionException {
        val parsed = WireJson.parse(body)
        val error = parsed?.let(::errorOf)
        val said = error?.text("message") ?: (parsed as? JsonObject)?.text("message") ?: ErrorText.of(body)
        val message = ErrorText.answered(status, said)
        val details = details(error)
            .status(status)
            .requestId(requestId)
            .retryAfter(error?.let(::retryDelay) ?: RetryHints.retryAfter(headers, now))
            .retryable(RetryHints.shouldRetry(headers))
            .body(body)
            .build()
        return exception(error, message, status, details)
    }

    /** The error inside a 200, or null when [body] is none. */
    fun inside(body: JsonElement): KompletionException? {
        val error = errorOf(body) ?: return null
        val said = error.text("message") ?: body.toString()
        val status = error.int("code")?.takeIf { it in ERRORS }
            ?: ErrorClasses.statusFor(error.text("code"), error.string("status"))
        val details = details(error).status(status).retryAfter(retryDelay(error)).body(body.toString()).build()
        return exception(error, ErrorText.inside(said), status, details)
    }

    /** Google refused the prompt itself; null when it did not. */
    fun blocked(answer: JsonObject): KompletionException? {
        val feedback = answer.obj("promptFeedback") ?: return null
        val reason = feedback.text("blockReason") ?: return null
        val why = feedback.string("blockReasonMessage")?.let {
            ": ${ErrorDetails.printable(it, MESSAGE_CHARS)}"
        }.orEmpty()
        return ContentFilteredException(
            "the prompt was blocked with $reason$why",
            ErrorDetails.builder().code(reason).type("promptFeedback").body(answer.toString()).build(),
        )
    }

    /** An answer that ended with a call that is none, and said nothing else. */
    fun failed(reason: String, message: String?, candidate: JsonObject): KompletionException {
        val why = message?.let { ": ${ErrorDetails.printable(it, MESSAGE_CHARS)}" }.orEmpty()
        return UnexpectedResponseException(
            "the model ended with $reason and without an answer$why",
            ErrorDetails.builder().code(reason).type("finishReason").body(candidate.toString()).build(),
        )
    }

    private fun errorOf(body: JsonElement): JsonObject? = when (body) {
        is JsonArray -> body.firstNotNullOfOrNull { (it as? JsonObject)?.obj("error") }
        is JsonObject -> body.obj("error")
        else -> null
    }

    /** The reason says more than the code, which is the status once more. */
    private fun details(error: JsonObject?): ErrorDetails.Builder =
        ErrorDetails.builder().type(error?.string("status")).code(error?.let(::reason) ?: error?.text("code"))

    private fun exception(
        error: JsonObject?,
        message: String,
        status: Int,
        details: ErrorDetails,
    ): KompletionException = when {
        error != null && reason(error) in BAD_KEYS -> AuthenticationException(message, details)

        // What is used up for the day does not come back by waiting a little.
        error != null && status == TOO_MANY && isDaily(error) -> InsufficientFundsException(message, details)

        else -> ErrorClasses.exception(message, status, details)
    }

    private fun reason(error: JsonObject): String? =
        error.details("ErrorInfo").firstNotNullOfOrNull { it.string("reason") }

    private fun isDaily(error: JsonObject): Boolean = error.details("QuotaFailure").any { failure ->
        failure.array("violations").orEmpty().any { violation ->
            (violation as? JsonObject)?.string("quotaId").orEmpty().contains("PerDay")
        }
    }

    private fun retryDelay(error: JsonObject): Duration? =
        error.details("RetryInfo").firstNotNullOfOrNull { it.string("retryDelay") }?.let { RetryHints.seconds(it) }

    private fun JsonObject.details(kind: String): List<JsonObject> = array("details").orEmpty()
        .filterIsInstance<JsonObject>()
        .filter { it.string("@type").orEmpty().endsWith(".$kind") }

    private const val MESSAGE_CHARS = 1000
    private const val TOO_MANY = 429
    private val ERRORS = 400..599
    private val BAD_KEYS =
        setOf("API_KEY_INVALID", "API_KEY_EXPIRED", "ACCESS_TOKEN_EXPIRED", "ACCESS_TOKEN_TYPE_UNSUPPORTED")
}
