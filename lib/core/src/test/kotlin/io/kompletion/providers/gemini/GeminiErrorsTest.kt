package io.kompletion.providers.gemini

import io.kompletion.error.AuthenticationException
import io.kompletion.error.ContentFilteredException
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
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.jsonObject
import java.time.Duration
import java.time.Instant

private val now = Instant.parse("2026-11-20T10:00:00Z")

private fun body(code: Int, status: String, details: String = "[]", message: String = "no") =
    """{"error":{"code":$code,"message":"$message","status":"$status","details":$details}}"""

private fun of(status: Int, body: String, headers: WireHeaders = WireHeaders.EMPTY) =
    GeminiErrors.of(status, headers, body, "req-1", now)

private fun info(reason: String) = """[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"$reason"}]"""

private fun quota(id: String, delay: String) =
    """[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"$id"}]},
    {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"$delay"}]"""

class GeminiErrorsTest : FunSpec({
    for ((code, status, kind) in listOf(
        Triple(400, "INVALID_ARGUMENT", InvalidRequestException::class),
        Triple(400, "FAILED_PRECONDITION", InvalidRequestException::class),
        Triple(401, "UNAUTHENTICATED", AuthenticationException::class),
        Triple(403, "PERMISSION_DENIED", PermissionDeniedException::class),
        Triple(404, "NOT_FOUND", NotFoundException::class),
        Triple(429, "RESOURCE_EXHAUSTED", RateLimitedException::class),
        Triple(500, "INTERNAL", ServerErrorException::class),
        Triple(503, "UNAVAILABLE", OverloadedException::class),
        Triple(504, "DEADLINE_EXCEEDED", ServerErrorException::class),
    )) {
        test("$code $status is a ${kind.simpleName}, in an answer, in a list and in a stream") {
            val error = of(code, body(code, status))
            error::class shouldBe kind
            error.status shouldBe code
            error.code shouldBe "$code"
            error.details.type shouldBe status
            error.requestId shouldBe "req-1"
            of(code, "[${body(code, status)}]")::class shouldBe kind
            for (inside in listOf(body(code, status), "[{},${body(code, status)}]")) {
                val found = GeminiErrors.inside(parse(inside)).shouldNotBeNull()
                found::class shouldBe kind
                found.status shouldBe code
            }
        }
    }

    test("a bad key is told with 400") {
        val error = of(400, body(400, "INVALID_ARGUMENT", info("API_KEY_INVALID")))
        error.shouldBeInstanceOf<AuthenticationException>()
        error.code shouldBe "API_KEY_INVALID"
        of(403, body(403, "PERMISSION_DENIED", info("SERVICE_DISABLED"))).shouldBeInstanceOf<PermissionDeniedException>()
            .code shouldBe "SERVICE_DISABLED"
    }

    test("the pause stands in the details, else in the headers") {
        val error = of(429, body(429, "RESOURCE_EXHAUSTED", quota("RequestsPerMinute", "34.4s")))
        error.shouldBeInstanceOf<RateLimitedException>()
        error.retryAfter shouldBe Duration.ofMillis(34_400)
        val headers = WireHeaders.builder().set("retry-after", "7").build()
        of(429, body(429, "RESOURCE_EXHAUSTED"), headers).retryAfter shouldBe Duration.ofSeconds(7)
        of(429, body(429, "RESOURCE_EXHAUSTED", quota("RequestsPerMinute", "soon"))).retryAfter.shouldBeNull()
        GeminiErrors.inside(parse(body(429, "RESOURCE_EXHAUSTED", quota("RequestsPerMinute", "5s"))))
            ?.retryAfter shouldBe Duration.ofSeconds(5)
    }

    test("what is used up for the day is not tried again") {
        val error = of(429, body(429, "RESOURCE_EXHAUSTED", quota("GenerateRequestsPerDayPerProject", "5s")))
        error.shouldBeInstanceOf<InsufficientFundsException>().isRetryable shouldBe false
    }

    test("a prompt that is too long") {
        of(400, body(400, "INVALID_ARGUMENT", message = "The input token count (9) exceeds the maximum"))
            .shouldBeInstanceOf<ContextTooLongException>()
    }

    test("pages of proxies") {
        of(404, "<!DOCTYPE html><html><head><title>Error 404</title></head></html>")
            .shouldBeInstanceOf<NotFoundException>().message shouldContain "HTML page \"Error 404\""
        of(502, "").message shouldContain "without a body"
    }

    test("a blocked prompt is told with its reason") {
        val answer = parse("""{"promptFeedback":{"blockReason":"MODEL_ARMOR","blockReasonMessage":"Jailbreak."}}""")
        val error = GeminiErrors.blocked(answer.jsonObject).shouldNotBeNull()
        error.shouldBeInstanceOf<ContentFilteredException>()
        error.code shouldBe "MODEL_ARMOR"
        error.message shouldContain "Jailbreak."
        GeminiErrors.blocked(parse("""{"promptFeedback":{"safetyRatings":[]}}""").jsonObject).shouldBeNull()
    }

    test("an answer is no error") {
        GeminiErrors.inside(parse("""{"candidates":[]}""")).shouldBeNull()
        GeminiErrors.inside(parse("""[{"candidates":[]}]""")).shouldBeNull()
    }
})
