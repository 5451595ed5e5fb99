package io.kompletion.providers.mistral

import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId
import io.kompletion.providers.openai.MessageForm
import io.kompletion.providers.openai.OpenAiCodec
import io.kompletion.providers.openai.OpenAiDialect
import io.kompletion.providers.openai.SentEffort

/**
 * Mistral's platform: OpenAI's chat completions, with fields and parts of its own. It refuses fields that it does not
 * know.
 *
 * @see <a href="https://docs.mistral.ai/api/#tag/chat">Mistral: chat</a>
 */
internal object MistralProvider {
    private val DIALECT = OpenAiDialect(
        asksForUsage = false,
        absent = setOf(
            "logit_bias", "logprobs", "top_logprobs", "top_k", "user", "service_tier", "store", "verbosity",
            "safety_identifier", "prompt_cache_retention", "audio", "modalities", "web_search_options",
        ),
        renames = mapOf("seed" to "random_seed"),
        requiredTool = "any",
        effort = ::effort,
        failures = setOf("error"),
        requestIds = listOf("x-request-id", "mistral-correlation-id"),
        messages = MessageForm(
            thinksInParts = true,
            takesDocumentUrls = true,
            takesBareAudio = true,
            takesNames = false,
            prefix = "prefix",
            callId = MistralCallIds::sent,
        ),
    )

    fun create(): Provider = Provider(
        id = ProviderId.of(MistralOptions.PROVIDER),
        displayName = "Mistral",
        chat = OpenAiCodec(MistralOptions.PROVIDER, DIALECT),
        baseUrl = "https://api.mistral.ai/v1",
        aliases = setOf("mistralai"),
        keyEnv = listOf("MISTRAL_API_KEY"),
        baseUrlEnv = listOf("MISTRAL_BASE_URL", "MISTRAL_API_BASE"),
        modelPrefixes = listOf(
            "mistral-", "ministral-", "magistral-", "devstral-", "codestral-", "pixtral-", "voxtral-", "open-mistral-",
            "open-mixtral-",
        ),
        knownModels = listOf(
            "mistral-large-latest", "mistral-medium-latest", "mistral-small-latest", "magistral-medium-latest",
            "devstral-medium-latest", "codestral-latest", "ministral-8b-latest", "pixtral-large-latest",
            "voxtral-small-latest",
        ),
        foreignKeyPrefixes = KeyPrefixes.foreignTo(MistralOptions.PROVIDER),
    )

    /** Magistral always thinks, and knows no effort but the instructions that make it think. */
    private fun effort(model: String, effort: String): SentEffort = when {
        !model.substringAfterLast('/').startsWith("magistral") -> SentEffort("reasoning_effort", effort)
        effort == "none" -> SentEffort(null, why = "$model always thinks")
        else -> SentEffort("prompt_mode", "reasoning")
    }
}
