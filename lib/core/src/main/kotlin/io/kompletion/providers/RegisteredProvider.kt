package io.kompletion.providers

import io.kompletion.provider.Auth
import io.kompletion.provider.ChatCodec
import io.kompletion.provider.Dialect
import io.kompletion.provider.OwnServer
import io.kompletion.provider.Provider
import io.kompletion.providers.anthropic.AnthropicCodec
import io.kompletion.providers.anthropic.AnthropicPlatform
import io.kompletion.providers.gemini.GeminiCodec
import io.kompletion.providers.gemini.GeminiHost
import io.kompletion.providers.openai.OpenAiCodec
import io.kompletion.providers.openai.OpenAiDialect

/** Servers that a client registers: one of three dialects under a name of their own. */
internal object RegisteredProvider {
    /**
     * Unless it was said how a key travels, a key is sent in the way of the dialect when there is one, and is not missed
     * when there is none.
     */
    fun of(server: OwnServer): Provider = Provider(
        id = server.id,
        displayName = server.id.value,
        chat = codec(server),
        auth = server.auth ?: auth(server.dialect),
        keyEnv = listOf(server.id.value.uppercase().replace(NOT_A_NAME, "_") + "_API_KEY"),
        needsKey = server.auth != null,
    )

    private fun codec(server: OwnServer): ChatCodec = when (server.dialect) {
        Dialect.OPENAI -> OpenAiCodec(server.id.value, dialect(server))
        Dialect.ANTHROPIC -> AnthropicCodec(AnthropicPlatform.own(server.id.value))
        Dialect.GEMINI -> GeminiCodec(server.id.value, GeminiHost.DEVELOPER)
    }

    private fun dialect(server: OwnServer) = OpenAiDialect(
        path = server.path ?: OpenAiDialect.COMPATIBLE.path,
        renames = server.renames,
        absent = server.absent,
        asksForUsage = "stream_options" !in server.absent,
    )

    private fun auth(dialect: Dialect): Auth = when (dialect) {
        Dialect.OPENAI -> Auth.Bearer
        Dialect.ANTHROPIC -> Auth.Header("x-api-key")
        Dialect.GEMINI -> Auth.Header("x-goog-api-key")
    }

    private val NOT_A_NAME = Regex("[^A-Z0-9]")
}
