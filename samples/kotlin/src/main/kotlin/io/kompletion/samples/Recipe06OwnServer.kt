package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.openai.FakeOpenAi

// region own-server
fun clientFor(url: String): Kompletion = Kompletion {
    provider("gpu-1") {
        baseUrl = url // e.g. "http://gpu-1:8000/v1": vLLM, llama.cpp, Ollama, LM Studio, a gateway …
        apiKey("the-server's-own") // leave it out when the server wants none
        modelPrefixes += "llama-" // bare names that begin like this go there
        header("x-team", "search")
    }
}

suspend fun askOwnServer(llm: Kompletion) {
    println(llm.chat("gpu-1/llama-3.3-70b") { user("Hello") }.content)
    println(llm.chat("llama-3.3-70b") { user("Hello again") }.content)
}
// endregion

/** 06: a server of your own that speaks OpenAI's protocol. */
suspend fun main() {
    FakeOpenAi.start().use { server ->
        server.enqueue(FakeReply.text("Hello from gpu-1."), FakeReply.text("And once more."))
        clientFor(server.baseUrl).use { askOwnServer(it) }
        for (request in server.requests) println("${request.model}, x-team: ${request.http.header("x-team")}")
    }
}
