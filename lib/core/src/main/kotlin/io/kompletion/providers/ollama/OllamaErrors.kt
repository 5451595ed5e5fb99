package io.kompletion.providers.ollama

import io.kompletion.error.ErrorDetails
import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.KompletionException
import io.kompletion.internal.wire.ErrorClasses
import io.kompletion.internal.wire.ErrorText
import io.kompletion.internal.wire.RetryHints
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
import io.kompletion.internal.wire.text
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/** Errors as Ollama writes them, `{"error":"text"}`, also as a line of a stream; and those of proxies before it. */
internal object OllamaErrors {
    fun of(status: Int, headers: WireHeaders, body: String, requestId: String?, now: Instant): KompletionException {
        val said = (WireJson.parse(body) as? JsonObject)?.let { said(it) ?: it.string("message") }
        val details = ErrorDetails.builder()
            .status(status)
            .requestId(requestId)
            .retryAfter(RetryHints.retryAfter(headers, now))
            .retryable(RetryHints.shouldRetry(headers))
            .body(body)
            .build()
        val message = ErrorText.answered(status, said ?: ErrorText.of(body))
        // The plan of an account has so much use an hour or a week; nothing but the words tells it from a busy moment.
        if (status == TOO_MANY && said != null && USED_UP in said) return InsufficientFundsException(message, details)
        return ErrorClasses.exception(message, status, details)
    }

    /** The error in the place of an answer or a line, or null when [body] is none. */
    fun inside(body: JsonElement): KompletionException? {
        val fields = body as? JsonObject ?: return null
        val said = said(fields) ?: return null
        val status = (fields.int("status_code") ?: fields.int("status"))?.takeIf { it in ERRORS } ?: statusOf(said)
        val details = ErrorDetails.builder().status(status).body(body.toString()).build()
        return ErrorClasses.exception(ErrorText.inside(said), status, details)
    }

    private fun said(body: JsonObject): String? = body.string("error") ?: body.obj("error")?.text("message")

    /** A line of a stream has no status and no code, so that the words have to tell a busy server from a broken one. */
    private fun statusOf(said: String): Int = if (said.startsWith(BUSY)) OVERLOADED else BROKEN

    private const val TOO_MANY = 429
    private const val USED_UP = "usage limit"
    private const val BUSY = "server busy"
    private const val OVERLOADED = 503
    private const val BROKEN = 500
    private val ERRORS = 400..599
}
