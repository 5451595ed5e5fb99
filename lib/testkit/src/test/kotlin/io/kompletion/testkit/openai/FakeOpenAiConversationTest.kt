package io.kompletion.testkit.openai

import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.chat
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject

class FakeOpenAiConversationTest :
    FunSpec({
        val weather = """{"type":"function","function":{"name":"get_weather","description":"The weather of a city",
    "parameters":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":1},
    "unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["city"]}}}"""
        val time = """{"type":"function","function":{"name":"get_time","description":"The local time of a zone"}}"""
        val user = """{"role":"user","content":"What is the weather in New York for 3 days in fahrenheit?"}"""

        fun ask(openAi: FakeOpenAi, messages: String, more: String = ""): JsonObject {
            val response = chat(openAi.baseUrl, """{"model":"m","messages":[$messages]$more}""")
            return response.json().objects("choices").first().obj("message").shouldNotBeNull()
        }

        test("unscripted, repeats what the user said") {
            FakeOpenAi.start().use { openAi ->
                ask(openAi, """{"role":"system","content":"Be brief"},{"role":"user","content":"Good morning"}""")
                    .text("content") shouldBe "You said: Good morning"
                val parts = """[{"type":"text","text":"in "},{"type":"text","text":"parts"}]"""
                ask(openAi, """{"role":"user","content":$parts}""").text("content") shouldBe "You said: in parts"
            }
        }

        test("unscripted, calls the fitting tool with arguments that fit, then reports the result") {
            FakeOpenAi.start().use { openAi ->
                val tools = ""","tools":[$time,$weather]"""
                val assistant = ask(openAi, user, tools)
                val call = assistant.objects("tool_calls").single()
                call.obj("function")?.text("name") shouldBe "get_weather"
                json(call.obj("function")?.text("arguments").orEmpty()) shouldBe
                    json("""{"city":"New York","days":3,"unit":"fahrenheit"}""")
                val result = """{"role":"tool","tool_call_id":${call["id"]},"content":"21 degrees"}"""
                ask(openAi, "$user,$assistant,$result", tools).text("content") shouldBe "get_weather says: 21 degrees"
                openAi.lastRequest.toolResults.single().let {
                    it.toolName shouldBe "get_weather"
                    it.content shouldBe "21 degrees"
                    it.callId shouldBe call.text("id")
                }
            }
        }

        test("unscripted, obeys the choice of a tool") {
            FakeOpenAi.start().use { openAi ->
                fun called(choice: String): String? =
                    ask(openAi, user, ""","tools":[$time,$weather],"tool_choice":$choice""")
                        .objects("tool_calls").firstOrNull()?.obj("function")?.text("name")
                called("\"none\"") shouldBe null
                called("\"required\"") shouldBe "get_weather"
                called("""{"type":"function","function":{"name":"get_time"}}""") shouldBe "get_time"
                called(
                    """{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[
                {"type":"function","function":{"name":"get_time"}}]}}""",
                ) shouldBe "get_time"
            }
        }

        test("unscripted, calls a tool again for the next question") {
            FakeOpenAi.start().use { openAi ->
                val call = """{"id":"c","type":"function","function":{"name":"get_weather","arguments":"{}"}}"""
                val history = """$user,{"role":"assistant","tool_calls":[$call]},
            {"role":"tool","tool_call_id":"c","content":"1"},{"role":"assistant","content":"1 degree"},$user"""
                ask(openAi, history, ""","tools":[$weather]""").objects("tool_calls").size shouldBe 1
            }
        }

        test("unscripted, answers with JSON where JSON is asked") {
            FakeOpenAi.start().use { openAi ->
                val schema = """{"type":"object","properties":{"city":{"type":"string"},"sunny":{"type":"boolean"}}}"""
                val format = ""","response_format":{"type":"json_schema","json_schema":{"name":"w","schema":$schema}}"""
                json(ask(openAi, user, format).text("content").orEmpty()) shouldBe
                    json("""{"city":"New York","sunny":true}""")
                val anyJson = ask(openAi, user, ""","response_format":{"type":"json_object"}""")
                json(anyJson.text("content").orEmpty()).keys shouldBe setOf("answer")
            }
        }

        test("unscripted, gives as many choices as asked") {
            FakeOpenAi.start().use { openAi ->
                val response = chat(openAi.baseUrl, """{"model":"m","messages":[$user],"n":3}""")
                response.json().objects("choices").size shouldBe 3
            }
        }

        test("asks the responder once the queue is empty") {
            FakeOpenAi.start().use { openAi ->
                openAi.enqueue(FakeReply.text("from the queue")).respond { request ->
                    if (request.toolResults.isEmpty() && request.toolNames.isNotEmpty()) {
                        FakeReply.toolCall(request.toolNames.first(), "{}", "call_1")
                    } else {
                        FakeReply.text("${request.index}: ${request.lastUserText}")
                    }
                }
                openAi.queuedReplies shouldBe 1
                val short = """{"role":"user","content":"Hi"}"""
                ask(openAi, short).text("content") shouldBe "from the queue"
                ask(openAi, short, ""","tools":[$time]""").objects("tool_calls").single().text("id") shouldBe "call_1"
                ask(openAi, short).text("content") shouldBe "2: Hi"
                openAi.respondWith(FakeReply.text("always"))
                List(2) { ask(openAi, short).text("content") } shouldBe listOf("always", "always")
            }
        }

        test("one FakeProviders has one OpenAI, which ends with it") {
            val fakes = FakeProviders.start()
            val openAi = fakes.openAi()
            (fakes.openAi() === openAi) shouldBe true
            fakes.close()
            fakes.close()
            shouldThrow<java.io.IOException> { chat(openAi.baseUrl, "{}") }
            shouldThrow<IllegalStateException> { fakes.openAi() }
        }
    })
