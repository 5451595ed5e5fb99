package io.kompletion.providers.bedrock

import io.kompletion.chat.Warning
import io.kompletion.internal.wire.WireJson
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import io.kompletion.provider.TokenCounter
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.longOrNull
import java.util.Base64

/**
 * Counts what a model at Bedrock would read.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html">AWS: CountTokens</a>
 */
internal abstract class BedrockCounter : TokenCounter {
    override fun encode(chat: EncodedChat, target: Target): EncodedChat {
        val input = JsonObject(mapOf("input" to JsonObject(mapOf(input(chat)))))
        return EncodedChat(
            BedrockPlace.modelPath(target, "count-tokens"),
            chat.headers,
            input.toString().encodeToByteArray(),
            uncounted(chat),
        )
    }

    protected abstract fun input(chat: EncodedChat): Pair<String, JsonElement>

    protected open fun uncounted(chat: EncodedChat): List<Warning> = emptyList()

    override fun tokens(answer: JsonObject): Long? = (answer["inputTokens"] as? JsonPrimitive)?.longOrNull

    /** Takes the conversation and the instructions, and nothing else. */
    object Converse : BedrockCounter() {
        override fun input(chat: EncodedChat) =
            "converse" to JsonObject(body(chat).filterKeys { it == "messages" || it == "system" })

        override fun uncounted(chat: EncodedChat): List<Warning> =
            listOfNotNull(Warning("tools", "dropped", "CountTokens takes none").takeIf { "toolConfig" in body(chat) })

        private fun body(chat: EncodedChat) = WireJson.parse(chat.body, 0, chat.body.size) as JsonObject
    }

    /** Takes the body as it would be sent. */
    object Invoked : BedrockCounter() {
        override fun input(chat: EncodedChat) = "invokeModel" to
            JsonObject(mapOf("body" to JsonPrimitive(Base64.getEncoder().encodeToString(chat.body))))
    }
}
