package io.kompletion.providers.bedrock

import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId
import io.kompletion.providers.anthropic.AnthropicPlatform
import kotlinx.serialization.json.JsonPrimitive

/**
 * Anthropic's models at Amazon Bedrock, in Anthropic's own words: InvokeModel.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html">AWS: Claude's messages</a>
 */
internal object AnthropicBedrockProvider {
    const val ID = "anthropic_bedrock"

    fun create(credentials: AwsCredentials): Provider = Provider(
        id = ProviderId.of(ID),
        displayName = "Anthropic on Amazon Bedrock",
        chat = InvokedMessages(PLATFORM),
        aliases = setOf("bedrock_anthropic", "anthropic-bedrock"),
        keyEnv = listOf(AwsSetup.KEY_ENV),
        baseUrlEnv = listOf("ANTHROPIC_BEDROCK_BASE_URL") + AwsSetup.BASE_URLS,
        knownModels = listOf(
            "us.anthropic.claude-opus-4-8",
            "us.anthropic.claude-sonnet-4-6",
            "us.anthropic.claude-haiku-4-5-20251001-v1:0",
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        ),
        settingNames = AwsSetup.SETTINGS,
        credentialNames = AwsSetup.CREDENTIALS,
        setup = AwsSetup(credentials),
        foreignKeyPrefixes = KeyPrefixes.foreignTo(ID),
        needsKey = false,
    )

    val PLATFORM = AnthropicPlatform(
        providerId = ID,
        path = { target, streaming ->
            BedrockPlace.modelPath(target, if (streaming) "invoke-with-response-stream" else "invoke")
        },
        body = mapOf("anthropic_version" to JsonPrimitive("bedrock-2023-05-31")),
        namesModel = false,
        counter = BedrockCounter.Invoked,
        asksForStream = false,
        betasInBody = true,
        streamType = BedrockPlace.EVENT_STREAM,
    )
}
