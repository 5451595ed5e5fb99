package io.kompletion.providers

import io.kompletion.provider.Provider
import io.kompletion.providers.alibaba.AlibabaProvider
import io.kompletion.providers.anthropic.AnthropicProvider
import io.kompletion.providers.azure.AzureProvider
import io.kompletion.providers.azure.AzureTokens
import io.kompletion.providers.bedrock.AnthropicBedrockProvider
import io.kompletion.providers.bedrock.AwsCredentials
import io.kompletion.providers.bedrock.BedrockProvider
import io.kompletion.providers.cohere.CohereProvider
import io.kompletion.providers.gemini.GeminiProvider
import io.kompletion.providers.mistral.MistralProvider
import io.kompletion.providers.ollama.OllamaProvider
import io.kompletion.providers.openai.OpenAiProvider
import io.kompletion.providers.vertex.AnthropicVertexProvider
import io.kompletion.providers.vertex.GoogleTokens
import io.kompletion.providers.vertex.GoogleVertexProvider
import io.kompletion.providers.watsonx.WatsonxProvider
import io.kompletion.providers.watsonx.WatsonxTokens
import java.time.Instant

/** Every provider that works without being registered: one line each. */
internal object BuiltinProviders {
    /**
     * The providers of one client; [googleTokens] and the like are what it keeps of tokens and keys that it fetched.
     */
    fun all(
        googleTokens: GoogleTokens = GoogleTokens(),
        awsCredentials: AwsCredentials = AwsCredentials(Instant::now),
        azureTokens: AzureTokens = AzureTokens(Instant::now),
        watsonxTokens: WatsonxTokens = WatsonxTokens(Instant::now),
    ): List<Provider> = listOf(
        OpenAiProvider.create(),
        AnthropicProvider.create(),
        GeminiProvider.create(),
        AlibabaProvider.create(),
        CohereProvider.create(),
        MistralProvider.create(),
        OllamaProvider.create(),
        AnthropicVertexProvider.create(googleTokens),
        GoogleVertexProvider.create(googleTokens),
        BedrockProvider.create(awsCredentials),
        AnthropicBedrockProvider.create(awsCredentials),
        AzureProvider.create(azureTokens),
        WatsonxProvider.create(watsonxTokens),
    )
}
