package io.kompletion.testkit.gemini

import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonObject

class FakeGeminiOnVertexTest : FunSpec({
    val vertex = FakeGemini.startOnVertex()
    val raw = RawGemini(vertex, "gemini-3-flash-preview", onVertex = true)
    val beta = RawGemini(vertex, "gemini-3-flash-preview", onVertex = true, version = "v1beta1")
    afterSpec { vertex.close() }

    fun JsonObject.parts(): List<JsonObject> =
        objects("candidates").single().obj("content").shouldNotBeNull().objects("parts")

    test("wants the path of a project and a bearer token, the right one where one was set") {
        RawGemini(vertex, "m").send(HELLO).statusCode() shouldBe 404
        raw.sendWith(HELLO, "x-goog-api-key" to "k").let {
            it.statusCode() shouldBe 401
            json(it.body()).obj("error")?.text("status") shouldBe "UNAUTHENTICATED"
        }
        FakeGemini.startOnVertex().use { strict ->
            strict.requireApiKey("right")
            val asked = RawGemini(strict, "m", onVertex = true)
            asked.sendWith(HELLO, "authorization" to "Bearer wrong").statusCode() shouldBe 401
            asked.sendWith(HELLO, "authorization" to "Bearer right").statusCode() shouldBe 200
        }
    }

    test("gives calls no ids and takes none back, but for its beta") {
        vertex.enqueue(FakeReply.toolCall("f", "{}", "call_1"))
        val call = json(raw.send(HELLO).body()).parts().single()
        call.obj("functionCall") shouldBe json("""{"name":"f","args":{}}""")
        val user = """{"role":"user","parts":[{"text":"Hi"}]}"""
        val result = """{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"1"}}}]}"""
        val model = """{"role":"model","parts":[$call]}"""
        raw.send("""{"contents":[$user,$model,$result]}""").statusCode() shouldBe 200
        for (field in listOf("args", "response")) {
            val name = "\"name\":\"f\",\"$field\""
            val withId = """{"contents":[$user,$model,$result]}""".replace(name, "\"id\":\"1\",$name")
            raw.send(withId).let {
                it.statusCode() shouldBe 400
                it.body() shouldContain "Unknown name \\\"id\\\""
            }
            beta.send(withId).statusCode() shouldBe 200
        }
    }

    test("has fields of its own, in requests and answers") {
        raw.send(HELLO.dropLast(1) + ""","labels":{"team":"a"}}""").statusCode() shouldBe 200
        raw.send(HELLO.dropLast(1) + ""","serviceTier":"flex"}""").statusCode() shouldBe 400
        val answer = json(raw.send(HELLO).body())
        answer.keys shouldBe setOf("candidates", "usageMetadata", "modelVersion", "createTime", "responseId")
        answer.obj("usageMetadata")?.text("trafficType") shouldBe "ON_DEMAND"
        raw.chunks().last().objects("candidates").single().text("finishReason") shouldBe "STOP"
    }
})
