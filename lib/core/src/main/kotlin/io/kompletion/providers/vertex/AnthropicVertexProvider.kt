package io.kompletion.providers.vertex

import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId
import io.kompletion.provider.Target
import io.kompletion.providers.anthropic.AnthropicCodec
import io.kompletion.providers.anthropic.AnthropicCounter
import io.kompletion.providers.anthropic.AnthropicPlatform
import kotlinx.serialization.json.JsonPrimitive

/**
 * Anthropic's models at Google Cloud.
 *
 * @see <a href="https://docs.anthropic.com/en/api/claude-on-vertex-ai">Anthropic: Claude on Vertex AI</a>
 */
internal object AnthropicVertexProvider {
    const val ID = "anthropic_vertex"

    fun create(tokens: GoogleTokens): Provider = Provider(
        id = ProviderId.of(ID),
        displayName = "Anthropic on Vertex AI",
        chat = AnthropicCodec(PLATFORM),
        aliases = setOf("vertex_anthropic", "anthropic-vertex"),
        baseUrlEnv = listOf("ANTHROPIC_VERTEX_BASE_URL"),
        knownModels = listOf(
            "claude-opus-4-8",
            "claude-sonnet-4-6",
            "claude-haiku-4-5@20251001",
            "claude-sonnet-4-5@20250929",
            "claude-opus-4-5@20251101",
            "claude-opus-4-1@20250805",
        ),
        settingNames = VertexSetup.SETTINGS,
        credentialNames = setOf(VertexSetup.CREDENTIALS),
        setup = VertexSetup(
            tokens,
            projectEnv = listOf("ANTHROPIC_VERTEX_PROJECT_ID") + GOOGLE_PROJECT_ENV,
            locationEnv = listOf("CLOUD_ML_REGION") + GOOGLE_LOCATION_ENV,
        ),
        foreignKeyPrefixes = KeyPrefixes.foreignTo(ID),
        needsKey = false,
    )

    private val PLATFORM = AnthropicPlatform(
        providerId = ID,
        path = { target, streaming ->
            VertexPlace.modelPath(target, "anthropic", if (streaming) "streamRawPredict" else "rawPredict")
        },
        body = mapOf("anthropic_version" to JsonPrimitive("vertex-2023-10-16")),
        namesModel = false,
        counter = AnthropicCounter { _, target -> VertexPlace.countPath(target, "anthropic") },
        headers = ::quotaHeader,
    )
}

/** Who pays for the calls of a user's own credentials. */
internal fun quotaHeader(target: Target): Map<String, String> =
    target.settings[VertexPlace.QUOTA_PROJECT]?.let { mapOf("x-goog-user-project" to it) }.orEmpty()

internal val GOOGLE_PROJECT_ENV = listOf("GOOGLE_CLOUD_PROJECT", "GOOGLE_VERTEX_PROJECT", "VERTEXAI_PROJECT")
internal val GOOGLE_LOCATION_ENV =
    listOf("GOOGLE_CLOUD_LOCATION", "GOOGLE_VERTEX_LOCATION", "VERTEXAI_LOCATION", "VERTEX_LOCATION")
