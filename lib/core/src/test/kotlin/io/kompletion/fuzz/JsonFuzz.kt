package io.kompletion.fuzz

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.deserializeConversation
import io.kompletion.chat.serializeConversation
import io.kompletion.error.KompletionException
import io.kompletion.internal.call.RequestChecks
import io.kompletion.internal.route.planned
import io.kompletion.providers.anthropic.AnthropicProvider
import io.kompletion.providers.gemini.GeminiProvider
import io.kompletion.providers.openai.OpenAiProvider

/**
 * Any text is a request or a failure of the library; a request survives its own JSON, and every provider makes JSON of
 * it or refuses it.
 */
internal object RequestFuzz : FuzzTarget {
    override val name = "request"
    private val providers = listOf(OpenAiProvider.create(), AnthropicProvider.create(), GeminiProvider.create())

    override fun seeds(): List<ByteArray> = REQUESTS.map { it.encodeToByteArray() }

    override fun around(text: String): List<ByteArray> = listOf(
        text,
        """{"model":"openai/m","messages":[{"role":"user","content":"x"}],"extra_body":{"a":$text}}""",
        """{"model":"openai/m","messages":[{"role":"user","content":"x","a":$text}]}""",
        """{"model":"openai/m","messages":[{"role":"user","content":[{"type":"text","text":"x","a":$text}]}]}""",
        """{"model":"openai/m","messages":[{"role":"user","content":"x"}],"response_format":$text}""",
    ).map { it.encodeToByteArray() }

    override fun check(data: ByteArray) {
        val request = try {
            ChatCompletionRequest.fromJson(data.decodeToString())
        } catch (_: KompletionException) {
            return
        }
        request.toString()
        val json = request.toJson()
        lawOfJson(json, "toJson")
        val again = ChatCompletionRequest.fromJson(json).toJson()
        law(again == json) { "a request comes back changed:\n$json\n$again" }
        for (provider in providers) {
            try {
                RequestChecks.check(request)
                val encoded = provider.chat.encode(planned(provider, request), request.stream == true)
                lawOfJson(encoded.body.decodeToString(), provider.id.value)
            } catch (_: KompletionException) {
                // Refused with a reason.
            }
        }
    }
}

/** Any text is a conversation or a failure of the library; a conversation survives its own JSON. */
internal object ConversationFuzz : FuzzTarget {
    override val name = "conversation"

    override fun seeds(): List<ByteArray> = CONVERSATIONS.map { it.encodeToByteArray() }

    override fun around(text: String): List<ByteArray> = listOf(
        text,
        """[{"role":"user","content":$text}]""",
        """[{"role":"assistant","content":"x","tool_calls":[{"id":"a","function":{"name":"f","arguments":$text}}]}]""",
    ).map { it.encodeToByteArray() }

    override fun check(data: ByteArray) {
        val messages = try {
            deserializeConversation(data.decodeToString())
        } catch (_: KompletionException) {
            return
        }
        val json = serializeConversation(messages)
        lawOfJson(json, "serializeConversation")
        val again = deserializeConversation(json)
        law(serializeConversation(again) == json) { "a conversation comes back changed:\n$json" }
        law(again == messages) { "its messages come back changed:\n$messages\n$again" }
    }
}
