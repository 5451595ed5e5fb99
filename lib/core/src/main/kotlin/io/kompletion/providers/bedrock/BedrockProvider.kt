package io.kompletion.providers.bedrock

import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId

/**
 * Amazon Bedrock, by its Converse API.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference.html">AWS: Converse</a>
 */
internal object BedrockProvider {
    const val ID = "bedrock"

    fun create(credentials: AwsCredentials): Provider = Provider(
        id = ProviderId.of(ID),
        displayName = "Amazon Bedrock",
        chat = BedrockCodec(ID),
        aliases = setOf("bedrock_converse", "aws_bedrock"),
        keyEnv = listOf(AwsSetup.KEY_ENV),
        baseUrlEnv = AwsSetup.BASE_URLS,
        knownModels = listOf(
            "us.anthropic.claude-sonnet-4-6",
            "us.anthropic.claude-haiku-4-5-20251001-v1:0",
            "us.amazon.nova-2-lite-v1:0",
            "amazon.nova-pro-v1:0",
            "amazon.nova-lite-v1:0",
            "amazon.nova-micro-v1:0",
            "openai.gpt-oss-120b-1:0",
            "qwen.qwen3-32b-v1:0",
        ),
        settingNames = AwsSetup.SETTINGS,
        credentialNames = AwsSetup.CREDENTIALS,
        setup = AwsSetup(credentials),
        foreignKeyPrefixes = KeyPrefixes.foreignTo(ID),
        needsKey = false,
    )
}
