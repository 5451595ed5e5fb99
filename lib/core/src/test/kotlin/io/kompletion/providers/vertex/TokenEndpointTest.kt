package io.kompletion.providers.vertex

import io.kompletion.error.AuthenticationException
import io.kompletion.error.ConnectionException
import io.kompletion.error.KompletionException
import io.kompletion.error.OverloadedException
import io.kompletion.error.PermissionDeniedException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.ServerErrorException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.transport.WireResponse
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.time.Duration
import java.time.Instant

private suspend fun fetch(transport: FakeTransport) = CredentialsReader("key file", false).read(keyFile())
    .token(transport, Duration.ofSeconds(3), Instant.parse("2026-11-20T10:00:00Z"))

private suspend fun failure(answer: WireResponse): KompletionException =
    shouldThrow<KompletionException> { fetch(FakeTransport { _, _ -> answer }) }

class TokenEndpointTest : FunSpec({
    test("the grant goes out as a form, in the body alone") {
        val transport = tokenServer()
        val token = fetch(transport)
        token.token.reveal() shouldBe "ya29.1"
        token.life shouldBe Duration.ofSeconds(3599)
        val request = transport.requests.single()
        request.method shouldBe "POST"
        request.url shouldBe "https://oauth2.googleapis.com/token"
        request.headers["content-type"] shouldBe "application/x-www-form-urlencoded"
        request.headers["authorization"] shouldBe null
        request.connectTimeout shouldBe Duration.ofSeconds(3)
        request.form.keys shouldBe setOf("grant_type", "assertion")
        transport.responses.single().isClosed shouldBe true
    }

    test("a life that is not told is short, one that makes no sense too, and none is longer than a day") {
        for ((said, life) in listOf(null to 300L, 0L to 300L, -5L to 300L, 1_000_000L to 86_400L)) {
            fetch(tokenServer(said)).life shouldBe Duration.ofSeconds(life)
        }
    }

    context("refusals") {
        val invalid = """{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"""
        val cases = listOf(
            Triple(400, AuthenticationException::class, false),
            Triple(401, AuthenticationException::class, false),
            Triple(403, PermissionDeniedException::class, false),
            Triple(429, RateLimitedException::class, true),
            Triple(500, ServerErrorException::class, true),
            Triple(503, OverloadedException::class, true),
        )
        for ((status, type, retryable) in cases) {
            test("$status is a ${type.simpleName}") {
                val failure = failure(json(status, invalid, "retry-after", "2"))
                failure::class shouldBe type
                failure.isRetryable shouldBe retryable
                failure.status shouldBe status
                failure.code shouldBe "invalid_grant"
                failure.retryAfter shouldBe Duration.ofSeconds(2)
                failure.message shouldBe "Google's token endpoint: HTTP $status invalid_grant: Invalid JWT Signature."
            }
        }

        test("what Google says is clipped, cleaned, and does not repeat what was sent") {
            val jwt = "eyJ" + "aB3".repeat(100)
            val said = """{"error":"invalid_request","error_description":"bad \u001b[31m assertion $jwt ${"word ".repeat(200)}"}"""
            val failure = failure(json(400, said))
            failure.message.orEmpty() shouldNotContain jwt
            failure.message.orEmpty() shouldNotContain "\u001b"
            (failure.message.orEmpty().length < 350) shouldBe true
            failure.details.body shouldBe null
        }

        test("a page is told by its title") {
            val page = FakeResponse(502, listOf("<html><title>Bad Gateway</title>"), listOf("content-type", "text/html"))
            failure(page).message.orEmpty() shouldContain "Bad Gateway"
        }

        test("an answer without a token is no answer") {
            for (body in listOf("{}", "<html>", """{"access_token":""}""", """{"access_token":7}""", "[]", "")) {
                (failure(json(200, body)) is UnexpectedResponseException) shouldBe true
            }
        }

        test("a redirect is not followed") {
            failure(json(302, "", "location", "https://evil.example")).status shouldBe 302
        }

        test("a connection that fails is what the transport says it is") {
            val transport = FakeTransport { _, _ -> throw ConnectionException("refused", ConnectionException.Kind.REFUSED) }
            shouldThrow<ConnectionException> { fetch(transport) }.kind shouldBe ConnectionException.Kind.REFUSED
        }
    }
})
