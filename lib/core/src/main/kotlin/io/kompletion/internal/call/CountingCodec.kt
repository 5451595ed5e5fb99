package io.kompletion.internal.call

import io.kompletion.chat.FinishReason
import io.kompletion.chat.Usage
import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.provider.AnswerSink
import io.kompletion.provider.ChatCodec
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import io.kompletion.provider.TokenCounter
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** The question how many tokens a request has, put as a chat whose answer is nothing but its usage. */
internal class CountingCodec(private val chat: ChatCodec, override val counter: TokenCounter) : ChatCodec by chat {
    override fun encode(target: Target, streaming: Boolean): EncodedChat =
        counter.encode(chat.encode(target, streaming = false), target)

    override fun decode(body: JsonElement, out: AnswerSink) {
        errorIn(body)?.let { throw it }
        val fields = body as? JsonObject ?: JsonObject(emptyMap())
        val tokens = counter.tokens(fields)?.takeIf { it >= 0 } ?: throw UnexpectedResponseException(
            "the answer has no number of tokens",
            ErrorDetails.builder().code("protocol.shape").body(body.toString()).build(),
        )
        out.usage(Usage(tokens, raw = fields))
        out.finish(0, FinishReason.STOP, "counted")
        out.done()
    }

    companion object {
        /** The codec that asks [target]'s provider, which has a counter. */
        fun of(target: Target): ChatCodec {
            val chat = target.provider.chat
            return CountingCodec(chat, checkNotNull(chat.counter) { "${target.providerId} does not count tokens" })
        }
    }
}
