package io.kompletion.providers.ollama

import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId

/** Ollama over its own protocol, on this machine, another one, or ollama.com. */
internal object OllamaProvider {
    fun create(): Provider = Provider(
        id = ProviderId.of(OllamaOptions.PROVIDER),
        displayName = "Ollama",
        chat = OllamaCodec(OllamaOptions.PROVIDER),
        aliases = setOf("ollama_chat"),
        keyEnv = listOf("OLLAMA_API_KEY"),
        baseUrlEnv = listOf("OLLAMA_BASE_URL", "OLLAMA_API_BASE"),
        knownModels = listOf("llama3.3", "qwen3", "gemma3", "gpt-oss:20b", "deepseek-r1"),
        settingNames = mapOf(OllamaPlace.HOST to listOf("OLLAMA_HOST")),
        setup = OllamaPlace,
        foreignKeyPrefixes = KeyPrefixes.foreignTo(OllamaOptions.PROVIDER),
        needsKey = false,
    )
}
