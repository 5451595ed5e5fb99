package io.kompletion.providers.watsonx

import io.kompletion.provider.Auth
import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId
import io.kompletion.providers.openai.OpenAiCodec
import io.kompletion.providers.openai.OpenAiDialect

/**
 * IBM watsonx.ai: OpenAI's chat completions under other names of some fields, in a project or a space.
 *
 * @see <a href="https://cloud.ibm.com/apidocs/watsonx-ai#text-chat">IBM: text chat</a>
 */
internal object WatsonxProvider {
    const val ID = "watsonx"

    fun create(tokens: WatsonxTokens): Provider = Provider(
        id = ProviderId.of(ID),
        displayName = "IBM watsonx.ai",
        chat = WatsonxCodec(OpenAiCodec(ID, DIALECT)),
        auth = Auth.Bearer,
        aliases = setOf("ibm", "watsonx_ai"),
        keyEnv = listOf("WATSONX_APIKEY", "WATSONX_API_KEY", "WX_API_KEY"),
        baseUrlEnv = listOf("WATSONX_URL", "WATSONX_API_BASE", "WX_URL", "WML_URL"),
        knownModels = listOf("ibm/granite-4-h-small", "meta-llama/llama-3-3-70b-instruct", "openai/gpt-oss-120b"),
        settingNames = WatsonxSetup.SETTINGS,
        setup = WatsonxSetup(tokens),
        foreignKeyPrefixes = KeyPrefixes.foreignTo(ID),
        needsKey = false,
    )

    private val DIALECT = OpenAiDialect(
        asksForUsage = false,
        maxTokensField = "max_completion_tokens",
        absent = setOf(
            "audio", "metadata", "modalities", "parallel_tool_calls", "prediction", "prompt_cache_key",
            "prompt_cache_retention", "safety_identifier", "service_tier", "store", "stream_options", "top_k", "user",
            "verbosity", "web_search_options",
        ),
        requestIds = listOf("x-request-id", "x-global-transaction-id"),
    )
}
