package io.kompletion.providers.cohere

import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId

/** Cohere, over the second version of its own protocol. */
internal object CohereProvider {
    fun create(): Provider = Provider(
        id = ProviderId.of(CohereOptions.PROVIDER),
        displayName = "Cohere",
        chat = CohereCodec(CohereOptions.PROVIDER),
        baseUrl = "https://api.cohere.com/v2",
        aliases = setOf("cohere_chat"),
        keyEnv = listOf("COHERE_API_KEY", "CO_API_KEY"),
        baseUrlEnv = listOf("COHERE_BASE_URL", "COHERE_API_BASE"),
        modelPrefixes = listOf("command-", "c4ai-"),
        knownModels = listOf(
            "command-a-03-2025",
            "command-a-reasoning-08-2025",
            "command-a-vision-07-2025",
            "command-r7b-12-2024",
            "c4ai-aya-expanse-32b",
        ),
        foreignKeyPrefixes = KeyPrefixes.foreignTo(CohereOptions.PROVIDER),
    )
}
