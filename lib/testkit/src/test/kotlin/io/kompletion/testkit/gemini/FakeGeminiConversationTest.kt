package io.kompletion.testkit.gemini

import io.kompletion.chat.ToolChoice
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject

private const val WEATHER = """{"name":"get_weather","description":"The weather of a city","parameters":
    {"type":"OBJECT","properties":{"city":{"type":"STRING"},"days":{"type":"INTEGER","minimum":1},
    "unit":{"type":"STRING","enum":["celsius","fahrenheit"]}},"required":["city"]}}"""
private const val TIME = """{"name":"get_time","description":"The local time of a zone"}"""
private const val USER =
    """{"role":"user","parts":[{"text":"What is the weather in New York for 3 days in fahrenheit?"}]}"""
private const val TOOLS = ""","tools":[{"functionDeclarations":[$TIME,$WEATHER]}]"""

class FakeGeminiConversationTest : FunSpec({
    fun FakeGemini.ask(contents: String, more: String = ""): JsonObject {
        val answer = json(RawGemini(this, "gemini-3-flash-preview").send("""{"contents":[$contents]$more}""").body())
        return answer.objects("candidates").first().obj("content").shouldNotBeNull()
    }

    fun JsonObject.said(): String = objects("parts").mapNotNull { it.text("text") }.joinToString("")

    test("unscripted, repeats what the user said, thoughts and instructions left aside") {
        FakeGemini.start().use { gemini ->
            val more = ""","systemInstruction":{"parts":[{"text":"Be brief"}]}"""
            gemini.ask("""{"parts":[{"text":"in "},{"text":"parts"},{"text":"no","thought":true}]}""", more).said() shouldBe
                "You said: in parts"
        }
    }

    test("unscripted, calls the fitting tool with arguments that fit, then reports the result") {
        FakeGemini.start().use { gemini ->
            val turn = gemini.ask(USER, TOOLS)
            val call = turn.objects("parts").single().obj("functionCall").shouldNotBeNull()
            call.text("name") shouldBe "get_weather"
            call.obj("args") shouldBe json("""{"city":"New York","days":3,"unit":"fahrenheit"}""")
            val result = """{"role":"user","parts":[{"functionResponse":{"id":${call["id"]},"name":"get_weather",
                "response":{"output":"21 degrees"}}}]}"""
            gemini.ask("$USER,$turn,$result", TOOLS).said() shouldBe "get_weather says: 21 degrees"
            gemini.lastRequest.toolResults.single().let {
                it.toolName shouldBe "get_weather"
                it.content shouldBe "21 degrees"
                it.callId shouldBe call.text("id")
            }
            gemini.lastRequest.model shouldBe "gemini-3-flash-preview"
        }
    }

    test("a result of several fields stays JSON") {
        FakeGemini.start().use { gemini ->
            val turn = gemini.ask(USER, TOOLS)
            val result = """{"role":"user","parts":[{"function_response":{"name":"get_weather",
                "response":{"sky":"clear","celsius":21}}}]}"""
            gemini.ask("$USER,$turn,$result", TOOLS)
            json(gemini.lastRequest.toolResults.single().content) shouldBe json("""{"sky":"clear","celsius":21}""")
        }
    }

    test("unscripted, obeys the choice of a tool, and a test reads it") {
        FakeGemini.start().use { gemini ->
            fun called(config: String): String? =
                gemini.ask(USER, """$TOOLS,"toolConfig":{"functionCallingConfig":$config}""")
                    .objects("parts").firstOrNull()?.obj("functionCall")?.text("name")
            called("""{"mode":"NONE"}""") shouldBe null
            gemini.lastRequest.toolChoice shouldBe ToolChoice.NONE
            called("""{"mode":"AUTO"}""") shouldBe "get_weather"
            gemini.lastRequest.toolChoice shouldBe ToolChoice.AUTO
            called("""{"mode":"ANY"}""") shouldBe "get_weather"
            gemini.lastRequest.toolChoice shouldBe ToolChoice.REQUIRED
            called("""{"mode":"ANY","allowedFunctionNames":["get_time"]}""") shouldBe "get_time"
            gemini.lastRequest.toolChoice shouldBe ToolChoice.named("get_time")
        }
    }

    test("unscripted, answers with JSON where JSON is asked, in either kind of schema") {
        FakeGemini.start().use { gemini ->
            fun asked(config: String): JsonObject =
                json(gemini.ask(USER, ""","generationConfig":{"responseMimeType":"application/json"$config}""").said())
            val own = """{"type":"OBJECT","properties":{"city":{"type":"STRING"},"sunny":{"type":"BOOLEAN"}}}"""
            val expected = json("""{"city":"New York","sunny":true}""")
            asked(""","responseSchema":$own""") shouldBe expected
            asked(""","responseJsonSchema":${own.lowercase()}""") shouldBe expected
            asked("").keys shouldBe setOf("answer")
        }
    }

    test("asks the responder once the queue is empty") {
        FakeGemini.start().use { gemini ->
            gemini.enqueue(FakeReply.text("from the queue")).respond { FakeReply.text("${it.index}: ${it.lastUserText}") }
            gemini.queuedReplies shouldBe 1
            val short = """{"role":"user","parts":[{"text":"Hi"}]}"""
            gemini.ask(short).said() shouldBe "from the queue"
            gemini.ask(short).said() shouldBe "1: Hi"
            gemini.respondWith(FakeReply.text("always"))
            gemini.ask(short).said() shouldBe "always"
        }
    }

    test("one FakeProviders has one Gemini of each kind, which end with it") {
        val fakes = FakeProviders.start()
        val gemini = fakes.gemini()
        (fakes.gemini() === gemini) shouldBe true
        (fakes.geminiOnVertex() === fakes.geminiOnVertex()) shouldBe true
        fakes.close()
        shouldThrow<java.io.IOException> { RawGemini(gemini, "m").send(HELLO) }
        shouldThrow<IllegalStateException> { fakes.geminiOnVertex() }
    }
})
