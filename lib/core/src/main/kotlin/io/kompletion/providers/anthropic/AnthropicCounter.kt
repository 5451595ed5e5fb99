package io.kompletion.providers.anthropic

import io.kompletion.internal.wire.WireJson
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import io.kompletion.provider.TokenCounter
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.longOrNull

/**
 * Counts what Anthropic's models would read. Takes of a request what the model reads and leaves the rest.
 *
 * @property path of the question to a target, from the path of the chat
 * @see <a href="https://docs.anthropic.com/en/api/messages-count-tokens">Anthropic: counting tokens</a>
 */
internal class AnthropicCounter(
    private val path: (chat: String, target: Target) -> String = { chat, _ -> "$chat/count_tokens" },
) : TokenCounter {
    override fun encode(chat: EncodedChat, target: Target): EncodedChat {
        val body = WireJson.parse(chat.body, 0, chat.body.size) as JsonObject
        val read = mapOf("model" to JsonPrimitive(target.model)) + body.filterKeys { it in READ }
        return EncodedChat(
            path(chat.path, target),
            chat.headers,
            JsonObject(read).toString().encodeToByteArray(),
            emptyList(),
        )
    }

    override fun tokens(answer: JsonObject): Long? = (answer["input_tokens"] as? JsonPrimitive)?.longOrNull

    private companion object {
        val READ = setOf(
            "anthropic_version", "anthropic_beta", "cache_control", "context_management", "mcp_servers", "messages",
            "output_config", "system", "thinking", "tool_choice", "tools",
        )
    }
}
