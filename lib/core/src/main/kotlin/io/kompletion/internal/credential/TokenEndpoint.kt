package io.kompletion.internal.credential

import io.kompletion.Secret
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.Redaction
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.ErrorClasses
import io.kompletion.internal.wire.ErrorText
import io.kompletion.internal.wire.RetryHints
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.long
import io.kompletion.internal.wire.string
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import kotlinx.serialization.json.JsonObject
import java.net.URLEncoder
import java.time.Duration
import java.time.Instant

/**
 * Gives an access token for a grant of OAuth 2.0.
 *
 * @param name what it is called in messages, e.g. `Google's token endpoint`
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.4">RFC 6749: obtaining authorization</a>
 */
internal class TokenEndpoint(
    private val name: String,
    private val transport: HttpTransport,
    private val connectTimeout: Duration,
) {
    /** Asks at [url] with the form [grant]; [settings] are what the credentials say about the place of calls. */
    suspend fun fetch(
        url: String,
        grant: Map<String, String>,
        now: Instant,
        settings: Map<String, String> = emptyMap(),
    ): FetchedToken {
        val body = grant.entries.joinToString("&") { (field, value) -> "$field=${URLEncoder.encode(value, "UTF-8")}" }
        val request = WireRequest("POST", url, HEADERS, body.encodeToByteArray(), connectTimeout)
        transport.open(request).use { response ->
            val text = ShortBody.text(response)
            if (response.status !in 200..299) {
                throw refusal(response, text, now).also { it.redact(Redaction((grant - PUBLIC).values)) }
            }
            return token(text, settings)
        }
    }

    private fun token(text: String, settings: Map<String, String>): FetchedToken {
        val fields = WireJson.parse(text) as? JsonObject
        val token = fields?.string("access_token")?.let(::Secret)?.takeUnless { it.isEmpty }
            ?: throw UnexpectedResponseException(
                "$name answered without an access token",
                ErrorDetails.builder().code("protocol.shape").build(),
            )
        val seconds = fields.long("expires_in")?.takeIf { it > 0 } ?: USUAL_SECONDS
        return FetchedToken(token, Duration.ofSeconds(minOf(seconds, MOST_SECONDS)), settings)
    }

    private fun refusal(response: WireResponse, text: String, now: Instant): KompletionException {
        val status = response.status
        val fields = WireJson.parse(text) as? JsonObject
        // As RFC 6749 has them, or as IBM has.
        val code = fields?.string("error") ?: fields?.string("errorCode")
        val said =
            fields?.string("error_description") ?: fields?.string("errorMessage") ?: code?.let { "" }
                ?: ErrorText.of(text)
        val shown = listOfNotNull(code, said.ifBlank { null }).joinToString(": ").replace(LONG, "…")
        val message = "$name: HTTP $status" +
            if (shown.isEmpty()) "" else " ${ErrorDetails.printable(shown, MESSAGE_CHARS)}"
        val details = ErrorDetails.builder()
            .status(status)
            .code(code?.let { ErrorDetails.printable(it.replace(LONG, "…"), CODE_CHARS) })
            .retryAfter(RetryHints.retryAfter(response.headers, now))
            .build()
        // An assertion, secret or refresh token that is refused is a bad key, whichever of these statuses says so.
        return if (status in BAD_KEY) {
            AuthenticationException(message, details)
        } else {
            ErrorClasses.exception(message, status, details)
        }
    }

    private companion object {
        const val MESSAGE_CHARS = 300
        const val CODE_CHARS = 60
        const val USUAL_SECONDS = 300L
        const val MOST_SECONDS = 86_400L
        val BAD_KEY = setOf(400, 401)
        val PUBLIC = setOf("grant_type", "client_id", "scope")

        /** Nothing that long is a word: perhaps it is what was sent. */
        val LONG = Regex("[A-Za-z0-9_.~+/=-]{60,}")
        val HEADERS: WireHeaders = WireHeaders.builder()
            .set("content-type", "application/x-www-form-urlencoded")
            .set("accept", "application/json")
            .build()
    }
}

/**
 * An access token as it came.
 *
 * @property life how long it is good, from now
 * @property settings what its credentials say about the place of calls
 */
internal class FetchedToken(val token: Secret, val life: Duration, val settings: Map<String, String>)
