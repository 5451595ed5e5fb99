package io.kompletion.providers.ollama

import io.kompletion.Kompletion
import io.kompletion.error.ConfigurationException
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class OllamaPlaceTest : FunSpec({
    for ((said, url) in listOf(
        "" to "http://localhost:11434",
        "gpu-1" to "http://gpu-1:11434",
        "gpu-1:8080" to "http://gpu-1:8080",
        ":8080" to "http://localhost:8080",
        "0.0.0.0" to "http://localhost:11434",
        "0.0.0.0:8080" to "http://localhost:8080",
        "127.0.0.1" to "http://127.0.0.1:11434",
        "[::1]" to "http://[::1]:11434",
        "[::1]:8080" to "http://[::1]:8080",
        "::1" to "http://[::1]:11434",
        "http://gpu-1:8080/" to "http://gpu-1:8080",
        "https://gpu-1/ollama" to "https://gpu-1/ollama",
        "gpu-1/ollama" to "http://gpu-1:11434/ollama",
        "ollama.com" to "https://ollama.com",
        " \"gpu-1\" " to "http://gpu-1:11434",
    )) {
        test("OLLAMA_HOST=$said is $url") { OllamaPlace.url(said) shouldBe url }
    }

    suspend fun asked(environment: Map<String, String>, baseUrl: String? = null): Pair<String, String?> {
        val answer = """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"Hi"},"done":true}"""
        val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(answer), listOf("content-type", "application/json")) }
        Kompletion {
            environment(environment)
            transport(transport)
            if (baseUrl != null) provider("ollama") { baseUrl(baseUrl) }
        }.use { it.chat("ollama/llama3.3") { user("Hi") } }
        return transport.requests.single().let { it.url to it.headers["authorization"] }
    }

    test("calls go to this machine without a key, or where the environment says") {
        asked(emptyMap()) shouldBe ("http://localhost:11434/api/chat" to null)
        asked(mapOf("OLLAMA_HOST" to "gpu-1")) shouldBe ("http://gpu-1:11434/api/chat" to null)
        asked(mapOf("OLLAMA_HOST" to "ollama.com", "OLLAMA_API_KEY" to "k")) shouldBe
            ("https://ollama.com/api/chat" to "Bearer k")
        asked(mapOf("OLLAMA_HOST" to "gpu-1", "OLLAMA_BASE_URL" to "http://gpu-2:1")).first shouldBe
            "http://gpu-2:1/api/chat"
    }

    test("base URLs of either protocol mean the same server") {
        for (url in listOf("http://gpu-1:8080", "http://gpu-1:8080/", "http://gpu-1:8080/api", "http://gpu-1:8080/v1/")) {
            asked(emptyMap(), url).first shouldBe "http://gpu-1:8080/api/chat"
        }
    }

    test("a public host without TLS is refused") {
        shouldThrow<ConfigurationException> { asked(mapOf("OLLAMA_HOST" to "example.com")) }
    }
})
