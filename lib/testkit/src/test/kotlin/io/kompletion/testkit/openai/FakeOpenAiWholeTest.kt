package io.kompletion.testkit.openai

import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage
import io.kompletion.testkit.chat
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import io.kompletion.testkit.server.LoopbackReply
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonObject

class FakeOpenAiWholeTest :
    FunSpec({
        val fakes = FakeProviders.start()
        val openAi = fakes.openAi()
        afterSpec { fakes.close() }

        val whole = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}"""

        fun answer(reply: FakeReply): JsonObject {
            openAi.enqueue(reply)
            return chat(openAi.baseUrl, whole).json()
        }

        test("answers a whole text with the keys OpenAI gives it") {
            val body = answer(FakeReply.text("Hello there").usage(FakeUsage(3, 2)))
            body.keys shouldBe
                setOf("id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint")
            body.text("object") shouldBe "chat.completion"
            body.objects("choices").single() shouldBe json(
                """{"index":0,"message":{"role":"assistant","content":"Hello there","refusal":null,"annotations":[]},
            "logprobs":null,"finish_reason":"stop"}""",
            )
            body.obj("usage")?.get("total_tokens").toString() shouldBe "5"
        }

        test("answers tool calls with the arguments whole and no content") {
            val call = FakeReply.toolCall("weather", """{"city":"Rome"}""", "call_a")
            val body = answer(call.thenToolCall("time", "{}", "call_b"))
            body.objects("choices").single() shouldBe json(
                """{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[
            {"id":"call_a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}},
            {"id":"call_b","type":"function","function":{"name":"time","arguments":"{}"}}],
            "refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"tool_calls"}""",
            )
        }

        test("makes up a different id for every call it has none for") {
            val ids = (1..2).flatMap {
                val reply = FakeReply.toolCall("a", "{}").thenToolCall("b", "{}")
                answer(reply).objects("choices").single().obj("message")?.objects("tool_calls").orEmpty().map {
                    it.text("id")
                }
            }
            ids.distinct().size shouldBe 4
        }

        test("answers reasoning, refusal and several choices") {
            val body = answer(
                FakeReply.choices(
                    FakeReply.reasoning("Hm.").thenText("Yes."),
                    FakeReply.refusal("No.").finishReason("content_filter"),
                ),
            )
            val messages = body.objects("choices").map { it.obj("message") }
            messages.map { it?.text("content") } shouldBe listOf("Yes.", null)
            messages[0]?.text("reasoning_content") shouldBe "Hm."
            messages[1]?.text("refusal") shouldBe "No."
            body.objects("choices").map { it.text("finish_reason") } shouldBe listOf("stop", "content_filter")
        }

        test("estimates the usage when the script gives none, the same every time") {
            val first = answer(FakeReply.text("Hello there")).obj("usage")
            first shouldBe answer(FakeReply.text("Hello there")).obj("usage")
            first?.get("completion_tokens").toString() shouldBe "3"
        }

        test("puts an error into OpenAI's envelope, with the words of its status where the script has none") {
            openAi.enqueue(
                FakeReply.error(429).header("retry-after", "2").header("X-Request-Id", "req_mine"),
                FakeReply.error(429, "No credit left.", "insufficient_quota", "insufficient_quota"),
                FakeReply.error(400, "Bad value", param = "temperature"),
            )
            val limited = chat(openAi.baseUrl, whole)
            limited.statusCode() shouldBe 429
            limited.headers().firstValue("retry-after").get() shouldBe "2"
            limited.headers().allValues("x-request-id") shouldBe listOf("req_mine")
            limited.json().obj("error")?.text("code") shouldBe "rate_limit_exceeded"
            chat(openAi.baseUrl, whole).json() shouldBe json(
                """{"error":{"message":"No credit left.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""",
            )
            chat(openAi.baseUrl, whole).json() shouldBe json(
                """{"error":{"message":"Bad value","type":"invalid_request_error","param":"temperature","code":null}}""",
            )
        }

        test("answers any status with any body, and anything at all when raw") {
            openAi.enqueue(
                FakeReply.status(502, "<html>Bad gateway</html>", "text/html"),
                FakeReply.raw(LoopbackReply.fixed(200, "text/plain", "not JSON")),
            )
            val page = chat(openAi.baseUrl, whole)
            page.statusCode() shouldBe 502
            page.body() shouldContain "Bad gateway"
            page.headers().firstValue("content-type").get() shouldBe "text/html"
            chat(openAi.baseUrl, whole).body() shouldBe "not JSON"
        }

        test("refuses to give content to what is no message") {
            shouldThrow<IllegalStateException> { FakeReply.error(500).thenText("and yet") }
            shouldThrow<IllegalStateException> { FakeReply.raw(LoopbackReply(emptyList())).header("a", "b") }
        }
    })
