package io.kompletion.providers.vertex

import io.kompletion.provider.KeyPrefixes
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId
import io.kompletion.providers.gemini.GeminiCodec
import io.kompletion.providers.gemini.GeminiHost

/**
 * Google's models at Google Cloud.
 *
 * @see <a href="https://cloud.google.com/vertex-ai/generative-ai/docs">Google Cloud: generative AI on Vertex AI</a>
 */
internal object GoogleVertexProvider {
    const val ID = "google_vertex"

    fun create(tokens: GoogleTokens): Provider = Provider(
        id = ProviderId.of(ID),
        displayName = "Google on Vertex AI",
        chat = GeminiCodec(ID, GeminiHost.VERTEX),
        aliases = setOf("vertex_ai", "vertex", "google-vertex"),
        keyEnv = listOf("GOOGLE_VERTEX_API_KEY"),
        baseUrlEnv = listOf("GOOGLE_VERTEX_BASE_URL"),
        knownModels = listOf("gemini-3-flash-preview", "gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite"),
        settingNames = VertexSetup.SETTINGS,
        credentialNames = setOf(VertexSetup.CREDENTIALS),
        setup = VertexSetup(
            tokens,
            projectEnv = GOOGLE_PROJECT_ENV,
            locationEnv = GOOGLE_LOCATION_ENV,
            usualLocation = "global",
            takesApiKeys = true,
        ),
        foreignKeyPrefixes = KeyPrefixes.foreignTo(ID, "google"),
        needsKey = false,
    )
}
