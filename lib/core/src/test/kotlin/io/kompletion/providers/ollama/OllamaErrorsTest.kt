package io.kompletion.providers.ollama

import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.OverloadedException
import io.kompletion.error.RateLimitedException
import io.kompletion.transport.WireHeaders
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.types.shouldBeInstanceOf

class OllamaErrorsTest : FunSpec({
    val codec = OllamaProvider.create().chat

    test("the limit of a plan is no moment that passes") {
        for (said in listOf("you've reached your hourly usage limit", "you (a) have reached your weekly usage limit")) {
            codec.error(429, WireHeaders.EMPTY, """{"error":"$said"}""").shouldBeInstanceOf<InsufficientFundsException>()
        }
    }

    test("any other 429 is, and a full queue too") {
        codec.error(429, WireHeaders.EMPTY, """{"error":"too many concurrent requests"}""")
            .shouldBeInstanceOf<RateLimitedException>()
        codec.error(503, WireHeaders.EMPTY, """{"error":"server busy, please try again."}""")
            .shouldBeInstanceOf<OverloadedException>()
    }
})
