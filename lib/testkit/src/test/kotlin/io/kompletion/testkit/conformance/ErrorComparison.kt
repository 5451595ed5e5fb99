package io.kompletion.testkit.conformance

import io.kompletion.error.AuthenticationException
import io.kompletion.error.ContentFilteredException
import io.kompletion.error.ContextTooLongException
import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.error.NotFoundException
import io.kompletion.error.OverloadedException
import io.kompletion.error.PermissionDeniedException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.ServerErrorException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlin.reflect.KClass

/** Where a failure differs from the error that was recorded: one of the status, one inside a 200, or a cut stream. */
internal class ErrorComparison(private val exchange: Exchange) {
    private val found = ArrayList<String>()

    /** An answer outside 2xx. */
    fun ofStatus(outcome: Outcome): List<String> {
        val failure = outcome.failure ?: return unexpected("an error", outcome)
        check("status", exchange.status, failure.status)
        val allowed = when {
            exchange.isGemini && failure.code in BAD_KEYS -> setOf(AuthenticationException::class)
            exchange.isBedrock && failure.details.type in BAD_SIGNATURES -> setOf(AuthenticationException::class)
            else -> TYPES[exchange.status] ?: if (exchange.status >= 500) SERVER else REQUEST
        }
        if (failure::class !in allowed) {
            found += "type: expected one of ${allowed.map { it.simpleName }}, got ${described(failure)}"
        }
        words(exchange.expected, failure)
        return found
    }

    /** An error inside a 200, after what had come before it. */
    fun inside(error: JsonObject, outcome: Outcome): List<String> {
        val failure = outcome.failure ?: return unexpected("an error", outcome)
        if (failure is StreamInterruptedException) {
            found +=
                "type: expected a provider's error, got ${described(failure)}"
        }
        words(error, failure)
        partial(failure)
        return found
    }

    /** A stream that ends without its terminal marker. */
    fun cutOff(outcome: Outcome): List<String> {
        val failure = outcome.failure as? StreamInterruptedException
            ?: return unexpected("a StreamInterruptedException", outcome)
        partial(failure)
        return found
    }

    /** A prompt that was refused with a 200. */
    fun blocked(outcome: Outcome): List<String> {
        val failure = outcome.failure as? ContentFilteredException
            ?: return unexpected("a ContentFilteredException", outcome)
        check("code", exchange.expected.text("block_reason"), failure.code)
        return found
    }

    /** An answer that is nothing but the word for its failure. */
    fun failed(outcome: Outcome): List<String> {
        val failure = outcome.failure as? UnexpectedResponseException
            ?: return unexpected("an UnexpectedResponseException", outcome)
        check("code", exchange.finishReason, failure.code)
        return found
    }

    private fun unexpected(what: String, outcome: Outcome): List<String> {
        val got = outcome.failure?.let(::described) ?: "the answer ${clipped(outcome.response)}"
        return listOf("expected $what, got $got")
    }

    private fun words(wanted: JsonObject, failure: KompletionException) {
        for (name in listOf("code", "type", "param")) {
            val value =
                (wanted[name] as? JsonPrimitive)?.takeUnless { it is JsonNull || it.content.isEmpty() } ?: continue
            val details = failure.details
            check(
                name,
                value.content,
                when (name) {
                    "code" -> if (isReason(value.content, details.code)) value.content else details.code
                    "type" -> details.type
                    else -> details.param
                },
            )
        }
        val message = wanted.text("message").orEmpty().trim()
        if (message.take(MESSAGE) !in failure.message.orEmpty()) check("message", message, failure.message)
    }

    /** Google's code is the status once more; the reason that its details name stands in its place. */
    private fun isReason(wanted: String, code: String?): Boolean {
        if (!exchange.isGemini || wanted.toIntOrNull() == null || code == null) return false
        return Regex("\"reason\"\\s*:\\s*\"${Regex.escape(code)}\"").containsMatchIn(exchange.bodyText)
    }

    private fun partial(failure: KompletionException) {
        val said = failure.partial?.message
        check("partial text", exchange.expected.text("text").orEmpty(), said?.content.orEmpty())
        check("partial reasoning", exchange.expected.text("reasoning").orEmpty(), said?.reasoning.orEmpty())
    }

    private fun check(what: String, wanted: Any?, got: Any?) {
        if (wanted != got) found += "$what: expected ${clipped(wanted)}, got ${clipped(got)}"
    }

    private companion object {
        const val MESSAGE = 900
        val BAD_SIGNATURES = setOf("UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException")
        val BAD_KEYS = setOf("API_KEY_INVALID", "API_KEY_EXPIRED")
        val REQUEST: Set<KClass<out KompletionException>> =
            setOf(InvalidRequestException::class, ContextTooLongException::class, ContentFilteredException::class)
        val SERVER: Set<KClass<out KompletionException>> =
            setOf(ServerErrorException::class, OverloadedException::class)
        val TYPES: Map<Int, Set<KClass<out KompletionException>>> = mapOf(
            401 to setOf(AuthenticationException::class),
            402 to setOf(InsufficientFundsException::class),
            403 to setOf(PermissionDeniedException::class),
            404 to setOf(NotFoundException::class),
            429 to setOf(RateLimitedException::class, InsufficientFundsException::class),
            503 to setOf(OverloadedException::class),
        )
    }
}
