package io.kompletion.providers.gemini

import io.kompletion.provider.Auth
import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId

/** Google's Gemini Developer API, the one with a key. */
internal object GeminiProvider {
    const val ID = "google"

    fun create(): Provider = Provider(
        id = ProviderId.of(ID),
        displayName = "Google Gemini",
        chat = GeminiCodec(ID, GeminiHost.DEVELOPER),
        baseUrl = "https://generativelanguage.googleapis.com/v1beta",
        auth = Auth.Header("x-goog-api-key"),
        aliases = setOf("gemini"),
        keyEnv = listOf("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"),
        baseUrlEnv = listOf("GOOGLE_GEMINI_BASE_URL", "GEMINI_BASE_URL", "GEMINI_API_BASE"),
        modelPrefixes = listOf("gemini-", "gemma-", "learnlm-"),
        knownModels = listOf(
            "gemini-3.1-pro-preview", "gemini-3-flash-preview", "gemini-3.1-flash-lite-preview", "gemini-2.5-pro",
            "gemini-2.5-flash", "gemini-2.5-flash-lite", "gemini-2.0-flash", "gemini-flash-latest", "gemini-pro-latest",
        ),
        foreignKeyPrefixes = KeyPrefixes.foreignTo(ID),
    )
}
