package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.error.ServerErrorException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.server.Gate
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.onEach

// region code
/** The code under test: it gets its client from outside. */
class Translator(private val llm: Kompletion) {
    suspend fun toFrench(text: String): String {
        val answer = llm.chat("openai/gpt-4.1-mini") {
            system("Translate into French. Answer with the translation only.")
            user(text)
            temperature = 0.0
        }
        return checkNotNull(answer.content) { "no translation" }.trim()
    }
}
// endregion

// region test
suspend fun translates() {
    FakeProviders.start().use { fakes ->
        val openAi = fakes.openAi().enqueue(FakeReply.text(" Bonjour "))
        val client = Kompletion { provider("openai") { apiKey("sk-any").baseUrl(openAi.baseUrl) } }
        client.use { llm ->
            check(Translator(llm).toFrench("Hello") == "Bonjour")
        }
        val sent = openAi.lastRequest
        check(sent.lastUserText == "Hello")
        check("\"temperature\":0" in sent.bodyText)
        println("translated what ${sent.model} was asked")
    }
}
// endregion

// region faults
suspend fun survivesFaults(llm: Kompletion, fakes: FakeProviders) {
    fakes.openAi().enqueue(
        FakeReply.error(429).header("retry-after", "0"), // repeated by the client
        FakeReply.text("One two three").cutAfter(2), // then the connection ends without the end marker
    )
    try {
        llm.chatStream(MODEL) { user("Count.") }.collect { }
    } catch (e: StreamInterruptedException) {
        println("after ${e.attempts.size} tries: ${e.partial?.content}")
    }
}
// endregion

// region pacing
suspend fun showsTheFirstWordAtOnce(llm: Kompletion, fakes: FakeProviders) {
    val gate = Gate()
    fakes.openAi().enqueue(FakeReply.textDeltas("Hello ", "there").holdAfter(1, gate)) // event 0 has the role
    llm.chatStream(MODEL) { user("Hi") }.onEach { chunk ->
        if (chunk is AssistantMessageDeltaChunk) {
            println("${chunk.content.trim()}, server waits: ${!gate.isOpen}")
            gate.open()
        }
    }.collect()
}
// endregion

// region loopback
suspend fun brokenServer() {
    val reply = LoopbackReply.fixed(502, "text/html", "<html><title>Bad gateway</title></html>")
    LoopbackServer.start(reply).use { server ->
        val client = Kompletion {
            provider("proxy") { baseUrl = "${server.url}/v1" }
            retry { maxRetries = 0 }
        }
        client.use { llm ->
            try {
                llm.chat("proxy/any") { user("Hi") }
            } catch (e: ServerErrorException) {
                println(e.message)
            }
        }
    }
}
// endregion

/** 09: tests of code that uses the library. */
suspend fun main() {
    translates()
    FakeProviders.start().use { fakes ->
        val client = Kompletion { provider("openai") { apiKey("sk-any").baseUrl(fakes.openAi().baseUrl) } }
        client.use { llm ->
            survivesFaults(llm, fakes)
            showsTheFirstWordAtOnce(llm, fakes)
        }
    }
    brokenServer()
}
