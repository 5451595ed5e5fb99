package io.kompletion.providers.azure

import io.kompletion.provider.Target
import io.kompletion.providers.openai.OpenAiDialect
import io.kompletion.providers.openai.OpenAiModel

/**
 * How Azure differs from OpenAI: a version in the query, names of deployments in place of models, and versions of the
 * interface that know less.
 */
internal object AzureDialect {
    fun of(target: Target): OpenAiDialect {
        val version = target.settings[AzurePlace.API_VERSION]
        val served = target.settings[AzurePlace.MODEL] ?: target.model
        return OpenAiDialect(
            path = "/chat/completions" + version?.let { "?api-version=$it" }.orEmpty(),
            // Deployments of other makers and old versions know only the old name; it goes out as it was given.
            maxTokensField = if (OpenAiModel.of(served).isReasoning) "max_completion_tokens" else "max_tokens",
            asksForUsage = knowsUsage(target.baseUrl, version),
            isOpenAi = true,
            family = served,
        )
    }

    /** `stream_options` came with the version of September 2024; older ones refuse it. */
    private fun knowsUsage(baseUrl: String, version: String?): Boolean =
        version == null || !AzurePlace.isDated(version) || AzurePlace.isInference(baseUrl) || version >= WITH_USAGE

    private const val WITH_USAGE = "2024-09-01"
}
