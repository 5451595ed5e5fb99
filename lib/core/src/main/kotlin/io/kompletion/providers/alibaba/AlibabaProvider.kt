package io.kompletion.providers.alibaba

import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId
import io.kompletion.providers.openai.OpenAiCodec
import io.kompletion.providers.openai.OpenAiDialect
import io.kompletion.providers.openai.ThinkingFields

/**
 * Alibaba's Model Studio (DashScope) with the Qwen models: OpenAI's chat completions, with fields of its own.
 *
 * @see <a href="https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-openai-chat-completions">Alibaba: chat</a>
 */
internal object AlibabaProvider {
    private val DIALECT = OpenAiDialect(
        absent = setOf(
            "frequency_penalty", "logit_bias", "verbosity", "service_tier", "prediction", "store", "metadata", "user",
            "safety_identifier", "prompt_cache_key", "prompt_cache_retention",
        ),
        thinking = ThinkingFields(switch = "enable_thinking", budget = "thinking_budget"),
        searchField = "enable_search",
        cacheTimes = setOf("5m"),
        takesChoicesWithTools = false,
        traits = QwenModels::traits,
    )

    fun create(): Provider = Provider(
        id = ProviderId.of(AlibabaOptions.PROVIDER),
        displayName = "Alibaba",
        chat = OpenAiCodec(AlibabaOptions.PROVIDER, DIALECT),
        baseUrl = AlibabaOptions.SINGAPORE,
        aliases = setOf("dashscope", "qwen"),
        keyEnv = listOf("DASHSCOPE_API_KEY", "ALIBABA_API_KEY"),
        baseUrlEnv = listOf("DASHSCOPE_BASE_URL", "ALIBABA_BASE_URL"),
        modelPrefixes = listOf("qwen", "qwen#", "qwq", "qvq"),
        knownModels = listOf(
            "qwen3.5-plus", "qwen3.5-flash", "qwen3-max", "qwen3-coder-plus", "qwen3-vl-plus", "qwen-plus",
            "qwen-flash", "qwen-turbo", "qwen-max", "qwq-plus", "qvq-max",
        ),
        foreignKeyPrefixes = KeyPrefixes.foreignTo(AlibabaOptions.PROVIDER),
    )
}
