package io.kompletion.providers.anthropic

import io.kompletion.chat.RateLimits
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ContextTooLongException
import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.NotFoundException
import io.kompletion.error.OverloadedException
import io.kompletion.error.PermissionDeniedException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.ServerErrorException
import io.kompletion.transport.WireHeaders
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration
import java.time.Instant

private val now = Instant.parse("2026-11-20T10:00:00Z")

private fun headers(vararg fields: Pair<String, String>) =
    WireHeaders.builder().also { for ((name, value) in fields) it.set(name, value) }.build()

private fun of(status: Int, type: String?, message: String = "no", headers: WireHeaders = WireHeaders.EMPTY) =
    AnthropicErrors.of(
        status,
        headers,
        """{"type":"error","error":{"type":"$type","message":"$message"},"request_id":"req_1"}""",
        null,
        now,
    )

class AnthropicErrorsTest : FunSpec({
    for ((status, type, kind) in listOf(
        Triple(400, "invalid_request_error", InvalidRequestException::class),
        Triple(401, "authentication_error", AuthenticationException::class),
        Triple(402, "billing_error", InsufficientFundsException::class),
        Triple(403, "permission_error", PermissionDeniedException::class),
        Triple(404, "not_found_error", NotFoundException::class),
        Triple(413, "request_too_large", InvalidRequestException::class),
        Triple(429, "rate_limit_error", RateLimitedException::class),
        Triple(429, "enforced_spend_limit_reached", InsufficientFundsException::class),
        Triple(500, "api_error", ServerErrorException::class),
        Triple(504, "timeout_error", ServerErrorException::class),
        Triple(529, "overloaded_error", OverloadedException::class),
    )) {
        test("$status $type is a ${kind.simpleName}, in an answer and in a stream") {
            val error = of(status, type)
            error::class shouldBe kind
            error.status shouldBe status
            error.requestId shouldBe "req_1"
            error.details.type shouldBe type
            val inside = AnthropicErrors.inside(parse("""{"type":"error","error":{"type":"$type","message":"no"}}"""))
            inside.shouldNotBeNull()::class shouldBe kind
            inside.status shouldBe status
        }
    }

    test("too long a prompt and an empty account are told by their texts") {
        of(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum")::class shouldBe
            ContextTooLongException::class
        of(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.")::class shouldBe
            InsufficientFundsException::class
    }

    test("a page of the proxy before the API is shown by its title") {
        val page = "<html><head><title>413 Request Entity Too Large</title></head></html>"
        val error = AnthropicErrors.of(413, WireHeaders.EMPTY, page, null, now)
        error::class shouldBe InvalidRequestException::class
        error.message shouldContain "413 Request Entity Too Large"
    }

    test("the pause is the hint, else the time until the limit that is used up resets") {
        of(429, "rate_limit_error", headers = headers("retry-after" to "7")).retryAfter shouldBe Duration.ofSeconds(7)
        of(
            429,
            "rate_limit_error",
            headers = headers(
                "anthropic-ratelimit-requests-remaining" to "3",
                "anthropic-ratelimit-requests-reset" to "2026-11-20T10:59:00Z",
                "anthropic-ratelimit-input-tokens-remaining" to "0",
                "anthropic-ratelimit-input-tokens-reset" to "2026-11-20T10:00:30Z",
            ),
        ).retryAfter shouldBe Duration.ofSeconds(30)
    }

    test("limits are counts and times until they are full again") {
        AnthropicErrors.rateLimits(
            headers(
                "anthropic-ratelimit-requests-limit" to "50",
                "anthropic-ratelimit-requests-remaining" to "49",
                "anthropic-ratelimit-requests-reset" to "2026-11-20T10:00:02Z",
                "anthropic-ratelimit-tokens-limit" to "1000",
                "anthropic-ratelimit-tokens-remaining" to "900",
                "anthropic-ratelimit-tokens-reset" to "2026-11-20T09:00:00Z",
            ),
            now,
        ) shouldBe RateLimits(50, 49, Duration.ofSeconds(2), 1000, 900, Duration.ZERO)
        AnthropicErrors.rateLimits(headers("anthropic-ratelimit-requests-reset" to "soon"), now).shouldBeNull()
    }

    test("what is no error is none") {
        AnthropicErrors.inside(parse("""{"type":"message","content":[]}""")).shouldBeNull()
    }
})
