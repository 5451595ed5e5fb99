package io.kompletion.providers.gemini

import io.kompletion.internal.wire.WireJson
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import io.kompletion.provider.TokenCounter
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.longOrNull

/**
 * Counts what Gemini would read. The Developer API takes the whole request as one field, Vertex AI the fields that the
 * model reads.
 *
 * @see <a href="https://ai.google.dev/api/tokens">Google: counting tokens</a>
 * @see <a href="https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/count-tokens">Google Cloud: counting tokens</a>
 */
internal class GeminiCounter(private val host: GeminiHost) : TokenCounter {
    override fun encode(chat: EncodedChat, target: Target): EncodedChat {
        val body = WireJson.parse(chat.body, 0, chat.body.size) as JsonObject
        val question = if (host.countsWholeRequests) {
            val named = mapOf("model" to JsonPrimitive(GeminiHost.resource(target.model))) + body
            mapOf("generateContentRequest" to JsonObject(named))
        } else {
            body.filterKeys { it in READ }
        }
        return EncodedChat(
            chat.path.substringBeforeLast(':') + ":countTokens",
            chat.headers,
            JsonObject(question).toString().encodeToByteArray(),
            emptyList(),
        )
    }

    override fun tokens(answer: JsonObject): Long? = (answer["totalTokens"] as? JsonPrimitive)?.longOrNull

    private companion object {
        val READ = setOf("contents", "systemInstruction", "tools", "generationConfig")
    }
}
