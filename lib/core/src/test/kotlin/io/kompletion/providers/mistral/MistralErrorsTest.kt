package io.kompletion.providers.mistral

import io.kompletion.error.AuthenticationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.RateLimitedException
import io.kompletion.transport.WireHeaders
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.Json

class MistralErrorsTest : FunSpec({
    val codec = MistralProvider.create().chat

    test("the flat form has its words") {
        val body = """{"object":"error","message":"slow down","type":"rate_limited","param":null,"code":"1300"}"""
        val error = codec.error(429, WireHeaders.EMPTY, body).shouldBeInstanceOf<RateLimitedException>()
        error.code shouldBe "1300"
        error.details.type shouldBe "rate_limited"
        error.message.orEmpty() shouldEndWith "slow down"
    }

    test("a limit inside a stream is what it is with a status of its own") {
        val body = """{"object":"error","message":"Rate limit exceeded","type":"rate_limited","code":"1300"}"""
        for (said in listOf(body, body.replace("rate_limited", "new").dropLast(1) + ",\"raw_status_code\":429}")) {
            val error = codec.errorIn(Json.parseToJsonElement(said)).shouldBeInstanceOf<RateLimitedException>()
            error.status shouldBe 429
        }
    }

    test("a list says what is wrong where") {
        val body = """{"detail":[{"type":"extra_forbidden","loc":["body","messages",0,"name"],"msg":"Extra inputs"},
            {"type":"missing","loc":["body"],"msg":"Field required"}]}"""
        val error = codec.error(422, WireHeaders.EMPTY, body).shouldBeInstanceOf<InvalidRequestException>()
        error.message shouldBe "HTTP 422: messages[0].name: Extra inputs; Field required"
        error.details.param shouldBe "messages[0].name"
        error.details.type shouldBe "extra_forbidden"
    }

    test("a detail may be a text, or anything") {
        codec.error(401, WireHeaders.EMPTY, """{"detail":"Invalid API Key"}""")
            .shouldBeInstanceOf<AuthenticationException>().message shouldBe "HTTP 401: Invalid API Key"
        codec.error(422, WireHeaders.EMPTY, """{"detail":[]}""").message shouldBe "HTTP 422: []"
        codec.error(422, WireHeaders.EMPTY, """{"detail":{"a":1}}""").message shouldBe "HTTP 422: {\"a\":1}"
    }

    test("limits are a minute's, and the call is named by the correlation") {
        val headers = WireHeaders.builder()
            .set("x-ratelimit-limit-req-minute", "100")
            .set("x-ratelimit-remaining-req-minute", "99")
            .set("x-ratelimit-limit-tokens-minute", "5000")
            .set("x-ratelimit-remaining-tokens-minute", "4900")
            .set("mistral-correlation-id", "c-1")
            .build()
        val limits = codec.rateLimits(headers).shouldNotBeNull()
        listOf(limits.limitRequests, limits.remainingRequests, limits.limitTokens, limits.remainingTokens) shouldBe
            listOf(100L, 99L, 5000L, 4900L)
        codec.requestId(headers) shouldBe "c-1"
    }
})
