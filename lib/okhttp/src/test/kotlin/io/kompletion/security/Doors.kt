package io.kompletion.security

import io.kompletion.KompletionBuilder
import io.kompletion.Secret
import io.kompletion.okhttp.OkHttpTransportFactory
import io.kompletion.providers.azure.AzureOptions
import io.kompletion.providers.vertex.AnthropicVertexOptions
import io.kompletion.providers.vertex.GoogleVertexOptions
import io.kompletion.transport.HttpTransportFactory
import io.kompletion.transport.ktor.KtorTransportFactory

/** Both transports. */
internal val transports: List<HttpTransportFactory> = listOf(KtorTransportFactory(), OkHttpTransportFactory())

/** A key with everything in it that encodings change. */
internal const val KEY = "sk-canary-7f3a/9c51+d2e8=4b60a1"
internal const val TOKEN = "ya29.canary-token_0123456789-abcdef"

/** A way to a built-in provider: its model, and settings that send [KEY] or [TOKEN] to a server of the test. */
internal class Door(val provider: String, val model: String, val settings: KompletionBuilder.(String) -> Unit) {
    override fun toString(): String = "$provider/$model"
}

private val anthropicPlace = AnthropicVertexOptions.builder().region("us-east5").projectId("test-project").build()
private val googlePlace = GoogleVertexOptions.builder().region("us-central1").projectId("test-project").build()

private val dated = AzureOptions.builder().apiVersion("2024-10-21").build()

private fun keyed(provider: String, model: String) = Door(provider, model) { url ->
    provider(provider) {
        apiKey(KEY)
        baseUrl(url)
    }
}

internal val doors: List<Door> = listOf(
    keyed("openai", "gpt-4o-mini"),
    keyed("anthropic", "claude-haiku-4-5"),
    keyed("google", "gemini-2.5-flash"),
    keyed("alibaba", "qwen-plus"),
    keyed("azure", "gpt-4o-mini"),
    Door("azure", "my-chat") { url ->
        provider("azure") {
            apiKey(KEY)
            baseUrl(url)
            options(dated)
        }
    },
    keyed("bedrock", "amazon.nova-lite-v1:0"),
    keyed("anthropic_bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0"),
    keyed("cohere", "command-a-03-2025"),
    keyed("mistral", "mistral-small-latest"),
    keyed("ollama", "llama3.3"),
    Door("anthropic_vertex", "claude-haiku-4-5@20251001") { url ->
        provider("anthropic_vertex") {
            accessToken { Secret(TOKEN) }
            options(anthropicPlace)
            baseUrl(url)
        }
    },
    Door("google_vertex", "gemini-2.5-flash") { url ->
        provider("google_vertex") {
            accessToken { Secret(TOKEN) }
            options(googlePlace)
            baseUrl(url)
        }
    },
)
