package io.kompletion.providers.cohere

import io.kompletion.error.AuthenticationException
import io.kompletion.error.ContextTooLongException
import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.NotFoundException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.ServerErrorException
import io.kompletion.transport.WireHeaders
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration
import java.time.Instant

private val NOW: Instant = Instant.ofEpochSecond(1_800_000_000)

private fun headers(vararg fields: Pair<String, String>): WireHeaders =
    WireHeaders.builder().apply { fields.forEach { (name, value) -> set(name, value) } }.build()

class CohereErrorsTest : FunSpec({
    val trial = "You are using a Trial key, which is limited to"

    for ((status, body, kind) in listOf(
        Triple(400, """{"id":"r-1","message":"bad"}""", InvalidRequestException::class),
        Triple(400, """{"id":"r-1","message":"bad","error_type":"TOO_MANY_TOKENS"}""", ContextTooLongException::class),
        Triple(401, """{"id":"r-1","message":"bad"}""", AuthenticationException::class),
        Triple(404, """{"id":"r-1","message":"bad: no model"}""", NotFoundException::class),
        Triple(429, """{"id":"r-1","message":"bad: $trial 40 API calls / minute"}""", RateLimitedException::class),
        Triple(429, """{"id":"r-1","message":"bad: $trial 1000 API calls / month"}""", InsufficientFundsException::class),
        Triple(498, """{"id":"r-1","message":"bad"}""", AuthenticationException::class),
        Triple(500, """{"id":"r-1","data":"bad"}""", ServerErrorException::class),
    )) {
        test("$status $body is a ${kind.simpleName}") {
            val error = CohereErrors.of(status, WireHeaders.EMPTY, body, null, NOW)
            error::class shouldBe kind
            error.status shouldBe status
            error.requestId shouldBe "r-1"
            error.message.orEmpty() shouldContain "bad"
        }
    }

    test("the pause is the one that is named, else the time until the limit resets") {
        fun pause(vararg fields: Pair<String, String>) =
            CohereErrors.of(429, headers(*fields), """{"message":"slow"}""", null, NOW).retryAfter
        pause("x-ratelimit-reset" to "1800000007") shouldBe Duration.ofSeconds(7)
        pause("x-ratelimit-reset" to "1800000007", "retry-after" to "2") shouldBe Duration.ofSeconds(2)
        for (past in listOf("1700000000", "-1", "soon", "99999999999999999")) {
            withClue(past) { pause("x-ratelimit-reset" to past).shouldBeNull() }
        }
    }

    test("a trial key is told how many calls are left") {
        val limits = CohereLimits.of(
            headers("x-trial-endpoint-call-limit" to "40", "x-trial-endpoint-call-remaining" to "39"),
            NOW,
        ).shouldNotBeNull()
        limits.limitRequests shouldBe 40
        limits.remainingRequests shouldBe 39
        CohereLimits.of(WireHeaders.EMPTY, NOW).shouldBeNull()
    }

    test("the call is named by the trace") {
        val codec = CohereCodec("cohere")
        codec.requestId(headers("x-debug-trace-id" to "t-1")) shouldBe "t-1"
        codec.requestId(headers("x-debug-trace-id" to "t-1", "x-request-id" to "q-1")) shouldBe "q-1"
    }
})
