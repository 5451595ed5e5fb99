package io.kompletion.providers.bedrock

import io.kompletion.error.AuthenticationException
import io.kompletion.error.ContextTooLongException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.KompletionException
import io.kompletion.error.NotFoundException
import io.kompletion.error.OverloadedException
import io.kompletion.error.PermissionDeniedException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.ServerErrorException
import io.kompletion.error.TimeoutException
import io.kompletion.transport.WireHeaders
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration
import java.time.Instant

private val now = Instant.parse("2026-11-20T10:00:00Z")

private fun of(status: Int, body: String, vararg headers: Pair<String, String>): KompletionException {
    val all = WireHeaders.builder().also { for ((name, value) in headers) it.set(name, value) }.build()
    return BedrockErrors.of(status, all, body, "req-1", now)
}

class BedrockErrorsTest : FunSpec({
    for ((type, status, kind, retryable) in listOf(
        Row("ValidationException", 400, InvalidRequestException::class, false),
        Row("UnrecognizedClientException", 403, AuthenticationException::class, false),
        Row("InvalidSignatureException", 403, AuthenticationException::class, false),
        Row("ExpiredTokenException", 403, AuthenticationException::class, false),
        Row("AccessDeniedException", 403, PermissionDeniedException::class, false),
        Row("ResourceNotFoundException", 404, NotFoundException::class, false),
        Row("ModelTimeoutException", 408, TimeoutException::class, true),
        Row("ThrottlingException", 429, RateLimitedException::class, true),
        Row("ServiceQuotaExceededException", 400, RateLimitedException::class, false),
        Row("ModelNotReadyException", 429, OverloadedException::class, true),
        Row("ModelErrorException", 424, ServerErrorException::class, true),
        Row("InternalServerException", 500, ServerErrorException::class, true),
        Row("ServiceUnavailableException", 503, OverloadedException::class, true),
        Row("SomethingNewException", 400, InvalidRequestException::class, false),
    )) {
        test("$type is a ${kind.simpleName}, named in the header or in the body") {
            val named = of(status, """{"message":"said so"}""", "x-amzn-errortype" to "$type:http://internal/")
            val inside = of(status, """{"__type":"com.amazon#$type","message":"said so"}""")
            for (failure in listOf(named, inside)) {
                failure::class shouldBe kind
                failure.status shouldBe status
                failure.details.type shouldBe type
                failure.requestId shouldBe "req-1"
                failure.isRetryable shouldBe retryable
                failure.message.orEmpty() shouldContain "said so"
            }
        }
    }

    test("a server's word about a repeat outranks what the error is") {
        of(400, "{}", "x-should-retry" to "true").isRetryable shouldBe true
        of(503, "{}", "x-should-retry" to "false").isRetryable shouldBe false
        val quota = "x-amzn-errortype" to "ServiceQuotaExceededException"
        of(400, "{}", quota, "x-should-retry" to "true").isRetryable shouldBe true
        of(400, "{}", quota, "x-should-retry" to "perhaps").isRetryable shouldBe false
    }

    test("a model's own status says what went wrong in it") {
        of(424, """{"originalStatusCode":400,"message":"x"}""", "x-amzn-errortype" to "ModelErrorException")::class shouldBe
            InvalidRequestException::class
        BedrockErrors.inStream("modelStreamErrorException", """{"originalStatusCode":503,"message":"x"}""")::class shouldBe
            OverloadedException::class
    }

    test("a prompt that is too long is told by its text alone") {
        of(400, """{"message":"Input is too long for requested model."}""")::class shouldBe ContextTooLongException::class
    }

    test("a page of a proxy, an empty body and a pause are understood") {
        of(502, "<html><title>Bad gateway</title></html>").message.orEmpty() shouldContain "Bad gateway"
        of(503, "").message shouldBe "HTTP 503 without a body"
        of(429, "{}", "retry-after" to "7").retryAfter shouldBe Duration.ofSeconds(7)
    }

    test("an answer is no error") {
        BedrockErrors.inside(parse("""{"output":{},"message":"x"}""")).shouldBeNull()
        BedrockErrors.inside(parse("[]")).shouldBeNull()
    }
})

private data class Row(
    val type: String,
    val status: Int,
    val kind: kotlin.reflect.KClass<out KompletionException>,
    val retryable: Boolean,
)
