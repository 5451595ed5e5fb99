package io.kompletion.internal.cache

import io.kompletion.chat.AudioPart
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.MessageContent
import io.kompletion.chat.TextPart
import io.kompletion.chat.UserMessage
import io.kompletion.chat.allParts
import io.kompletion.chat.json.ModelJson
import io.kompletion.provider.Target
import java.util.Locale

/**
 * What a kept answer is found by: a hash of everything that may change the answer. That is all of the request except what
 * stands in [unsent], and of every target where it is and with which credentials. Credentials go into the hash alone.
 *
 * Tokens that are fetched change all the time; the credentials that they are fetched with count in their place where the
 * client was given them, and where only the machine knows those, the settings of the provider.
 */
internal object CacheKey {
    /** 64 hexadecimal digits. */
    fun of(call: CacheCall, namespace: String): String = hash(call, namespace) { it }

    /**
     * The same for every call that is equal but for the text of the last message, or null when that is not a text of the
     * user's.
     */
    fun frame(call: CacheCall, namespace: String): String? {
        val asked = call.targets[0].request.messages.lastOrNull() as? UserMessage ?: return null
        if (question(call) == null) return null
        return hash(call, "semantic:$namespace") { request ->
            if (request.messages.lastOrNull() != asked) return@hash request
            request.copy(messages = request.messages.dropLast(1) + asked.copy(content = blank(asked.content)))
        }
    }

    /** The text of the last message when it is the user's and nothing but text. */
    fun question(call: CacheCall): String? {
        val last = call.targets[0].request.messages.lastOrNull() as? UserMessage ?: return null
        val isText = last.content.isText || (last.content.json == null && last.content.parts.all { it is TextPart })
        return last.content.text.takeIf { isText && it.isNotBlank() }
    }

    private fun blank(content: MessageContent): MessageContent = if (content.isText) {
        MessageContent.text("")
    } else {
        MessageContent.parts(content.parts.map { (it as TextPart).copy(text = "") })
    }

    private inline fun hash(
        call: CacheCall,
        namespace: String,
        change: (ChatCompletionRequest) -> ChatCompletionRequest,
    ): String {
        val hash = CanonicalHash()
        hash.text(VERSION).text(namespace).text(call.tenant).text(if (call.isStreaming) "stream" else "whole")
        for (target in call.targets) {
            hash.place(target)
            hash.request(change(target.request), call.isStreaming)
        }
        return hash.hex()
    }

    private fun CanonicalHash.place(target: Target) {
        text(target.providerId).text(target.baseUrl).text(target.model).text(target.auth.toString())
        text(target.credential?.reveal()).text(target.tokens?.identity?.reveal())
        texts(target.settings).trees(target.options)
        val headers = target.headers
        val named = (0 until headers.size).map { headers.name(it).lowercase(Locale.ROOT) to headers.value(it) }
        for ((name, value) in named.sortedBy { it.first }) text(name).text(value)
    }

    private fun CanonicalHash.request(request: ChatCompletionRequest, isStreaming: Boolean) {
        val options = request.streamOptions.takeIf { isStreaming }
        // Not the public form of a request, which leaves credentials out: they tell one caller from another.
        tree(ModelJson.encodeToJsonElement(ChatCompletionRequest.generatedSerializer(), unsent(request, isStreaming)))
        // Neither is in the JSON form.
        text(options?.sentenceOptions?.toString())
        for (part in request.messages.flatMap { it.allParts }) if (part is AudioPart) text(part.media.mediaType)
    }

    /** [request] without what is not sent, stands in the target, or changes how an answer is got but not what it is. */
    private fun unsent(request: ChatCompletionRequest, isStreaming: Boolean): ChatCompletionRequest = request.copy(
        model = "",
        provider = null,
        apiKey = null,
        baseUrl = null,
        fallbacks = null,
        timeout = null,
        retry = null,
        stream = null,
        streamOptions = request.streamOptions.takeIf { isStreaming },
        responseCache = null,
        conversationId = null,
        tenant = null,
    )

    /** Changes with the meaning of the key or of what is kept. */
    private const val VERSION = "kompletion response cache 1"
}
