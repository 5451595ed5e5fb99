package io.kompletion.providers.azure

import io.kompletion.provider.Auth
import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId
import io.kompletion.providers.openai.OpenAiCodec

/**
 * Azure OpenAI, and what else answers chat completions at a resource of Azure: the name of a model is that of its
 * deployment.
 *
 * @see <a href="https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle">Microsoft: the v1 API</a>
 */
internal object AzureProvider {
    const val ID = "azure"

    fun create(tokens: AzureTokens): Provider = Provider(
        id = ProviderId.of(ID),
        displayName = "Azure OpenAI",
        chat = OpenAiCodec(ID, AzureDialect::of),
        auth = Auth.Header("api-key"),
        aliases = setOf("azure_openai", "azure-openai"),
        keyEnv = listOf("AZURE_OPENAI_API_KEY", "AZURE_API_KEY"),
        settingNames = AzureSetup.SETTINGS.associateWith { emptyList() },
        credentialNames = AzureSetup.CREDENTIALS,
        setup = AzureSetup(tokens),
        foreignKeyPrefixes = KeyPrefixes.foreignTo(ID),
        needsKey = false,
    )
}
