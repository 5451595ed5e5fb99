package io.kompletion.testkit.gemini

import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage
import io.kompletion.testkit.httpClient
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import io.kompletion.testkit.server.Gate
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import kotlinx.serialization.json.JsonObject
import java.io.IOException
import java.net.http.HttpResponse

class FakeGeminiStreamTest : FunSpec({
    val fakes = FakeProviders.start()
    val gemini = fakes.gemini()
    val plain = RawGemini(gemini, "gemini-2.0-flash")
    val three = RawGemini(gemini, "gemini-3-flash-preview")
    afterSpec { fakes.close() }

    fun JsonObject.part(): JsonObject? =
        objects("candidates").single().obj("content")?.objects("parts")?.single()

    fun JsonObject.reason(): String? = objects("candidates").single().text("finishReason")

    test("streams one chunk a piece, lines ended as Google ends them, the reason in the last") {
        gemini.enqueue(FakeReply.text("Hello there, you"), FakeReply.text("Hello there, you"))
        val response = plain.send(HELLO, SSE)
        response.headers().firstValue("content-type").get() shouldBe "text/event-stream"
        response.body() shouldStartWith "data: {\"candidates\":"
        response.body() shouldEndWith "\"}\r\n\r\n"
        val chunks = plain.chunks()
        chunks.map { it.part()?.text("text") } shouldBe listOf("Hello", " there,", " you")
        chunks.map { it.reason() } shouldBe listOf(null, null, "STOP")
        chunks.map { it.text("responseId") }.distinct().size shouldBe 1
    }

    test("without alt=sse the stream is an array") {
        gemini.enqueue(FakeReply.text("one two"), FakeReply.text("one two"))
        val response = plain.send(HELLO, "streamGenerateContent")
        response.headers().firstValue("content-type").get() shouldBe "application/json; charset=UTF-8"
        response.body() shouldContain "}\n,\r\n{"
        plain.elements().map { it.part()?.text("text") } shouldBe listOf("one", " two")
    }

    test("counts the tokens in every chunk, and only the last count is right") {
        gemini.enqueue(FakeReply.text("one two three").usage(FakeUsage(9, 7, reasoningTokens = 2)))
        val counts = plain.chunks().map { it.obj("usageMetadata") }
        counts.map { it?.get("candidatesTokenCount").toString() } shouldBe listOf("1", "2", "5")
        counts.map { it?.get("totalTokenCount").toString() } shouldBe listOf("12", "13", "16")
    }

    test("Gemini 3 sends every call in a chunk of its own and ends with an empty text") {
        gemini.enqueue(FakeReply.reasoning("Hm. So").thenToolCall("a", "{\"x\":1}", "1").thenToolCall("b", "{}", "2"))
        val chunks = three.chunks()
        chunks.map { it.part()?.keys } shouldBe listOf(
            setOf("text", "thought"),
            setOf("text", "thought"),
            setOf("functionCall", "thoughtSignature"),
            setOf("functionCall"),
            setOf("text"),
        )
        chunks[2].part()?.obj("functionCall") shouldBe json("""{"name":"a","args":{"x":1},"id":"1"}""")
        chunks.map { it.reason() } shouldBe listOf(null, null, null, null, "STOP")
    }

    test("Gemini 3 puts the signature of a text onto an empty text at the end") {
        gemini.enqueue(FakeReply.text("one two"))
        val parts = three.chunks().map { it.part() }
        parts.map { it?.text("text") } shouldBe listOf("one", " two", "")
        parts.map { it?.containsKey("thoughtSignature") } shouldBe listOf(false, false, true)
    }

    test("streams candidates in turn") {
        gemini.enqueue(FakeReply.choices(FakeReply.text("a b"), FakeReply.text("c")))
        plain.chunks().map { it.objects("candidates").single() }
            .map { "${it["index"]}${it.text("finishReason").orEmpty()}" } shouldBe listOf("0", "1STOP", "0STOP")
    }

    test("reports an error inside the stream as bare JSON over several lines, with the number of its name") {
        gemini.enqueue(FakeReply.text("one two").failAfter(0, "busy", "overloaded_error", "server_is_overloaded"))
        val body = plain.send(HELLO, SSE).body()
        val (event, error) = body.split("\r\n\r\n", limit = 2)
        event shouldStartWith "data: "
        error shouldStartWith "{\n"
        error shouldNotContain "data:"
        json(error) shouldBe json("""{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}""")
    }

    test("an error inside an array is its last element, and an error before it is in an array too") {
        gemini.enqueue(FakeReply.text("one two").failAfter(0, "busy", "RESOURCE_EXHAUSTED"), FakeReply.error(500, "no"))
        plain.elements().last().obj("error")?.get("code").toString() shouldBe "429"
        plain.elements().single().obj("error")?.text("status") shouldBe "INTERNAL"
        plain.send("{}", "streamGenerateContent").body() shouldStartWith "[{\"error\""
    }

    test("holds, cuts and resets as the script says") {
        val gate = Gate()
        gemini.enqueue(FakeReply.text("one two").holdAfter(gemini.openingEvents, gate))
        val request = plain.request(HELLO, SSE, "x-goog-api-key" to "k")
        httpClient.send(request, HttpResponse.BodyHandlers.ofInputStream()).body().bufferedReader().use { lines ->
            lines.readLine() shouldContain "\"one\""
            gate.awaitReached()
            gate.open()
            lines.readText() shouldContain "\" two\""
        }
        gemini.enqueue(FakeReply.text("one two").cutAfter(0), FakeReply.text("one two").resetAfter(0))
        repeat(2) { shouldThrow<IOException> { plain.send(HELLO, SSE) } }
    }
})
