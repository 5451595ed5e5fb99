package io.kompletion.testkit.gemini

import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonObject

class FakeGeminiWholeTest : FunSpec({
    val fakes = FakeProviders.start()
    val gemini = fakes.gemini()
    val plain = RawGemini(gemini, "gemini-2.0-flash")
    val thinking = RawGemini(gemini, "gemini-2.5-flash")
    val three = RawGemini(gemini, "gemini-3-flash-preview")
    afterSpec { fakes.close() }

    fun RawGemini.answer(reply: FakeReply, body: String = HELLO): JsonObject {
        gemini.enqueue(reply)
        return json(send(body).body())
    }

    fun JsonObject.parts(): List<JsonObject> =
        objects("candidates").single().obj("content").shouldNotBeNull().objects("parts")

    test("answers a whole text with the keys Google gives it") {
        val body = plain.answer(FakeReply.text("Hello there").usage(FakeUsage(9, 5, 4, 2)))
        body.keys shouldBe setOf("candidates", "usageMetadata", "modelVersion", "responseId")
        body.objects("candidates").single() shouldBe json(
            """{"content":{"parts":[{"text":"Hello there"}],"role":"model"},"finishReason":"STOP","index":0}""",
        )
        body.obj("usageMetadata") shouldBe json(
            """{"promptTokenCount":9,"candidatesTokenCount":3,"totalTokenCount":14,"cachedContentTokenCount":4,
                "promptTokensDetails":[{"modality":"TEXT","tokenCount":9}],
                "cacheTokensDetails":[{"modality":"TEXT","tokenCount":4}],"thoughtsTokenCount":2}""",
        )
        body.text("modelVersion") shouldBe "gemini-2.0-flash"
    }

    test("signs the first call of a model that thinks, and no other") {
        val reply = FakeReply.toolCall("weather", """{"city":"Rome"}""", "call_a").thenToolCall("time", "", "call_b")
        val unsigned = plain.answer(reply).parts()
        unsigned.map { it - "thoughtSignature" } shouldBe unsigned
        unsigned[0] shouldBe json("""{"functionCall":{"name":"weather","args":{"city":"Rome"},"id":"call_a"}}""")
        unsigned[1] shouldBe json("""{"functionCall":{"name":"time","args":{},"id":"call_b"}}""")
        thinking.answer(reply).parts().map { "thoughtSignature" in it } shouldBe listOf(true, false)
        three.answer(reply).parts().map { "thoughtSignature" in it } shouldBe listOf(true, false)
        val off = HELLO.dropLast(1) + ""","generationConfig":{"thinkingConfig":{"thinkingBudget":0}}}"""
        thinking.answer(reply, off).parts().none { "thoughtSignature" in it } shouldBe true
    }

    test("leaves a call open whose arguments break off") {
        plain.answer(FakeReply.toolCall("f", "{\"a\":\"b", "1").finishReason("length")).parts().single() shouldBe
            json("""{"functionCall":{"name":"f","willContinue":true,"id":"1"}}""")
    }

    test("makes up ids where the model has them, a different one for every call") {
        fun ids(model: RawGemini): List<String?> = (1..2).flatMap {
            model.answer(FakeReply.toolCall("a", "{}").thenToolCall("b", "{}")).parts()
                .map { it.obj("functionCall")?.text("id") }
        }
        ids(three).filterNotNull().distinct().size shouldBe 4
        ids(thinking).filterNotNull() shouldBe emptyList()
    }

    test("marks thoughts, signs the last text of Gemini 3, and says why it stopped") {
        val reply = FakeReply.reasoning("Hm.").thenText("Yes.")
        plain.answer(reply).parts() shouldBe listOf(json("""{"text":"Hm.","thought":true}"""), json("""{"text":"Yes."}"""))
        three.answer(reply).parts().map { it.keys } shouldBe
            listOf(setOf("text", "thought"), setOf("text", "thoughtSignature"))
        for ((reason, said) in listOf("length" to "MAX_TOKENS", "tool_calls" to "STOP", "RECITATION" to "RECITATION")) {
            plain.answer(FakeReply.text("x").finishReason(reason)).objects("candidates").single()
                .text("finishReason") shouldBe said
        }
        plain.answer(FakeReply.refusal("No.")).objects("candidates").single().text("finishReason") shouldBe "SAFETY"
    }

    test("answers several candidates") {
        val body = plain.answer(FakeReply.choices(FakeReply.text("Red"), FakeReply.text("Blue")))
        body.objects("candidates").map { it["index"].toString() } shouldBe listOf("0", "1")
    }

    test("puts an error into Google's envelope, with a wait as RetryInfo and no header for it") {
        gemini.enqueue(
            FakeReply.error(429).header("Retry-After", "2.5"),
            FakeReply.error(400, "Bad value", code = "API_KEY_INVALID", param = "temperature"),
            FakeReply.error(503, type = "overloaded_error"),
            FakeReply.error(529, "no"),
        )
        val limited = plain.send(HELLO)
        limited.statusCode() shouldBe 429
        limited.headers().firstValue("retry-after").isPresent shouldBe false
        limited.headers().firstValue("content-type").get() shouldBe "application/json; charset=UTF-8"
        json(limited.body()).obj("error") shouldBe json(
            """{"code":429,"message":"Resource has been exhausted (e.g. check quota).","status":"RESOURCE_EXHAUSTED",
                "details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"2.5s"}]}""",
        )
        val invalid = json(plain.send(HELLO).body()).obj("error").shouldNotBeNull()
        invalid.text("status") shouldBe "INVALID_ARGUMENT"
        invalid.objects("details").map { it.text("@type")?.substringAfterLast('.') } shouldBe
            listOf("ErrorInfo", "BadRequest")
        json(plain.send(HELLO).body()).obj("error")?.text("status") shouldBe "UNAVAILABLE"
        plain.send(HELLO).let {
            it.statusCode() shouldBe 529
            it.body() shouldContain "\"code\":529"
        }
    }

    test("a whole answer that is to fail after an event is that error") {
        gemini.enqueue(FakeReply.text("one two").failAfter(0, "busy", "overloaded_error"))
        plain.send(HELLO).let {
            it.statusCode() shouldBe 500
            json(it.body()).obj("error")?.text("status") shouldBe "UNAVAILABLE"
        }
    }
})
