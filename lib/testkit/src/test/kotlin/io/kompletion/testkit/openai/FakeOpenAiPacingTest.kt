package io.kompletion.testkit.openai

import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.RawClient
import io.kompletion.testkit.chat
import io.kompletion.testkit.chatInputStream
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import io.kompletion.testkit.payloads
import io.kompletion.testkit.server.CloseKind
import io.kompletion.testkit.server.Gate
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import io.kotest.matchers.string.shouldNotContain
import java.io.BufferedReader
import java.io.IOException
import java.time.Duration
import kotlin.concurrent.thread

class FakeOpenAiPacingTest :
    FunSpec({
        val fakes = FakeProviders.start()
        val openAi = fakes.openAi()
        afterSpec { fakes.close() }

        val whole = """{"model":"m","messages":[{"role":"user","content":"Hi"}]}"""
        val stream = whole.dropLast(1) + ""","stream":true}"""

        fun BufferedReader.event(): String = readLine().also { readLine() }

        test("keeps later events back until the gate opens") {
            val gate = Gate()
            openAi.enqueue(FakeReply.text("one two").holdAfter(1, gate))
            chatInputStream(openAi.baseUrl, stream).body().bufferedReader().use { events ->
                events.event() shouldContain "assistant"
                events.event() shouldContain "one"
                gate.awaitReached()
                events.ready() shouldBe false
                gate.open()
                events.event() shouldContain " two"
                events.readText() shouldEndWith "data: [DONE]\n\n"
            }
        }

        test("keeps the body of a whole answer back until the gate opens") {
            val gate = Gate()
            openAi.enqueue(FakeReply.text("one").holdAfter(1, gate))
            chatInputStream(openAi.baseUrl, whole).body().use { body ->
                gate.awaitReached()
                body.available() shouldBe 0
                gate.open()
                json(body.readAllBytes().decodeToString()).text("object") shouldBe "chat.completion"
            }
        }

        test("keeps the head back until the gate opens") {
            val gate = Gate()
            openAi.enqueue(FakeReply.text("one").holdBeforeHead(gate))
            var status = 0
            val call = thread { status = chat(openAi.baseUrl, whole).statusCode() }
            gate.awaitReached()
            openAi.lastRequest.http.bytesSent shouldBe 0
            gate.open()
            call.join()
            status shouldBe 200
        }

        test("waits before the head and between events") {
            openAi.enqueue(
                FakeReply.text("one").delay(Duration.ofMillis(20)).delayBetweenEvents(Duration.ofMillis(5)),
            )
            val started = System.nanoTime()
            chat(openAi.baseUrl, stream).payloads() shouldHaveSize 4
            System.nanoTime() - started shouldBeGreaterThanOrEqual Duration.ofMillis(20 + 3 * 5).toNanos()
        }

        test("cuts a stream after an event, without the end of the body") {
            openAi.enqueue(FakeReply.text("one two").cutAfter(1))
            shouldThrow<IOException> { chat(openAi.baseUrl, stream) }
            openAi.enqueue(FakeReply.text("one two").cutAfter(1))
            rawChat(openAi, stream).let {
                it shouldContain "\"one\""
                it shouldNotContain "two"
                it shouldEndWith "\n\n\r\n"
            }
        }

        test("cuts a whole answer in the middle of its body") {
            openAi.enqueue(FakeReply.text("one two").cutAfter(0))
            shouldThrow<IOException> { chat(openAi.baseUrl, whole) }
        }

        test("resets a stream after an event and a whole answer in its body") {
            openAi.enqueue(FakeReply.text("one two").resetAfter(1), FakeReply.text("one two").resetAfter(0))
            for (body in listOf(stream, whole)) {
                shouldThrow<IOException> { chat(openAi.baseUrl, body) }
                val id = openAi.lastRequest.http.connectionId
                openAi.server.connections[id].serverClose?.kind shouldBe CloseKind.RST
            }
        }

        test("reports an error inside the stream and ends it in order; a whole answer becomes the error") {
            val failing = FakeReply.text("one two").failAfter(1, "Overloaded", "server_error", "server_is_overloaded")
            openAi.enqueue(failing, failing)
            val payloads = chat(openAi.baseUrl, stream).payloads()
            payloads shouldHaveSize 3
            val error =
                json(
                    """{"error":{"message":"Overloaded","type":"server_error","param":null,"code":"server_is_overloaded"}}""",
                )
            json(payloads.last()) shouldBe error
            chat(openAi.baseUrl, whole).let {
                it.statusCode() shouldBe 500
                it.json() shouldBe error
            }
        }

        test("splits events into small chunks without changing the body") {
            val reply = FakeReply.textDeltas("a😀b")
            openAi.enqueue(reply.splitEvery(1))
            val raw = rawChat(openAi, stream)
            raw shouldContain "\r\n1\r\nd\r\n1\r\na\r\n1\r\nt\r\n"
            openAi.enqueue(reply.splitEvery(1))
            json(chat(openAi.baseUrl, stream).payloads()[1]).toString() shouldContain "a😀b"
        }

        test("says so when a script names an event that the stream does not have") {
            openAi.enqueue(FakeReply.text("one").cutAfter(9))
            chat(openAi.baseUrl, stream).let {
                it.statusCode() shouldBe 500
                it.body() shouldContain "names event 9, but its stream has 4 events"
            }
        }

        test("sees a client that leaves in the middle of a stream") {
            val gate = Gate()
            openAi.enqueue(FakeReply.text("one two").holdAfter(1, gate))
            chatInputStream(openAi.baseUrl, stream).body().use { gate.awaitReached() }
            val id = openAi.lastRequest.http.connectionId
            openAi.server.connections[id].awaitClientClose()
            openAi.lastRequest.http.isAnswered shouldBe false
        }

        test("keeps the errors of its envelope apart from the model's words") {
            openAi.enqueue(FakeReply.error(503))
            chat(openAi.baseUrl, stream).let {
                it.statusCode() shouldBe 503
                it.json().obj("error")?.text("type") shouldBe "server_error"
            }
        }
    })

private fun rawChat(openAi: FakeOpenAi, body: String): String = RawClient(openAi.server).use { client ->
    client.send(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nConnection: close\r\n" +
            "Content-Length: ${body.length}\r\n\r\n$body",
    )
    client.readToEnd()
}
