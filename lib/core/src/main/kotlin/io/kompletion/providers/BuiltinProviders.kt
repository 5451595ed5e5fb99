package io.kompletion.providers

import io.kompletion.provider.Provider
import io.kompletion.providers.alibaba.AlibabaProvider
import io.kompletion.providers.anthropic.AnthropicProvider
import io.kompletion.providers.cohere.CohereProvider
import io.kompletion.providers.gemini.GeminiProvider
import io.kompletion.providers.mistral.MistralProvider
import io.kompletion.providers.ollama.OllamaProvider
import io.kompletion.providers.openai.OpenAiProvider
import io.kompletion.providers.vertex.AnthropicVertexProvider
import io.kompletion.providers.vertex.GoogleTokens
import io.kompletion.providers.vertex.GoogleVertexProvider

/** Every provider that works without being registered: one line each. */
internal object BuiltinProviders {
    /** The providers of one client; [googleTokens] are what it keeps of Google's tokens. */
    fun all(googleTokens: GoogleTokens = GoogleTokens()): List<Provider> = listOf(
        OpenAiProvider.create(),
        AnthropicProvider.create(),
        GeminiProvider.create(),
        AlibabaProvider.create(),
        CohereProvider.create(),
        MistralProvider.create(),
        OllamaProvider.create(),
        AnthropicVertexProvider.create(googleTokens),
        GoogleVertexProvider.create(googleTokens),
    )
}
