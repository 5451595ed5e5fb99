package io.kompletion.providers.anthropic

import io.kompletion.provider.Auth
import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId

/** Anthropic's own API. */
internal object AnthropicProvider {
    fun create(): Provider = Provider(
        id = ProviderId.of("anthropic"),
        displayName = "Anthropic",
        chat = AnthropicCodec(AnthropicPlatform.own()),
        baseUrl = "https://api.anthropic.com/v1",
        auth = Auth.Header("x-api-key"),
        keyEnv = listOf("ANTHROPIC_API_KEY"),
        baseUrlEnv = listOf("ANTHROPIC_BASE_URL", "ANTHROPIC_API_BASE"),
        modelPrefixes = listOf("claude-"),
        knownModels = listOf(
            "claude-opus-5", "claude-sonnet-5", "claude-opus-4-8", "claude-opus-4-6", "claude-sonnet-4-6",
            "claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-5", "claude-opus-4-1",
        ),
        foreignKeyPrefixes = KeyPrefixes.foreignTo("anthropic"),
    )
}
