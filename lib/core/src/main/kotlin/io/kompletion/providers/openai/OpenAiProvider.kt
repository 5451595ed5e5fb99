package io.kompletion.providers.openai

import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId

/** OpenAI itself. */
internal object OpenAiProvider {
    fun create(): Provider = Provider(
        id = ProviderId.OPENAI,
        displayName = "OpenAI",
        chat = OpenAiCodec("openai", OpenAiDialect.OPENAI),
        baseUrl = "https://api.openai.com/v1",
        keyEnv = listOf("OPENAI_API_KEY"),
        baseUrlEnv = listOf("OPENAI_BASE_URL", "OPENAI_API_BASE"),
        modelPrefixes = listOf("o#", "gpt-", "chatgpt-", "ft:gpt-", "ft:o#", "codex-", "computer-use-"),
        knownModels = listOf(
            "gpt-5.6", "gpt-5.5", "gpt-5.4", "gpt-5.1", "gpt-5", "gpt-5-mini", "gpt-5-nano", "gpt-4.1", "gpt-4.1-mini",
            "gpt-4o", "gpt-4o-mini", "o3", "o3-mini", "o4-mini",
        ),
        settingNames = mapOf(
            "organization" to listOf("OPENAI_ORG_ID", "OPENAI_ORGANIZATION"),
            "project" to listOf("OPENAI_PROJECT_ID", "OPENAI_PROJECT"),
        ),
        foreignKeyPrefixes = KeyPrefixes.foreignTo("openai"),
    )
}
