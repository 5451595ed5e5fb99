package io.kompletion.providers.anthropic

import io.kompletion.chat.ContentPart
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.ImagePart
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.array
import io.kompletion.provider.AnswerSink
import io.kompletion.provider.ChatCodec
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.MediaForm
import io.kompletion.provider.StreamDecoder
import io.kompletion.provider.Target
import io.kompletion.provider.TokenCounter
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/**
 * Anthropic's messages, as they are spoken on a [platform].
 *
 * @see <a href="https://docs.anthropic.com/en/api/messages">Anthropic: messages</a>
 */
internal class AnthropicCodec(private val platform: AnthropicPlatform) : ChatCodec {
    override val counter: TokenCounter get() = platform.counter

    override fun encode(target: Target, streaming: Boolean): EncodedChat =
        AnthropicRequestWriter(target, platform, streaming).encode()

    override fun mediaForms(part: ContentPart, target: Target): Set<MediaForm> = when (part) {
        is ImagePart, is DocumentPart, is FilePart -> MediaForm.EITHER
        else -> MediaForm.NEITHER
    }

    override fun decode(body: JsonElement, out: AnswerSink) {
        errorIn(body)?.let { throw it }
        val blocks = (body as? JsonObject)?.array("content") ?: throw UnexpectedResponseException(
            "the answer has no \"content\"",
            ErrorDetails.builder().code("protocol.shape").body(body.toString()).build(),
        )
        val reader = AnthropicAnswerReader(platform.providerId, out)
        reader.head(body)
        for (block in blocks) (block as? JsonObject)?.let(reader::whole)
        reader.tail(body)
        out.done()
    }

    override fun decoder(out: AnswerSink): StreamDecoder = AnthropicStreamDecoder(this, platform.providerId, out)

    override fun error(status: Int, headers: WireHeaders, body: String): KompletionException =
        AnthropicErrors.of(status, headers, body, requestId(headers), Instant.now())

    override fun errorIn(body: JsonElement): KompletionException? = AnthropicErrors.inside(body)

    override fun requestId(headers: WireHeaders): String? = headers["request-id"] ?: headers["x-request-id"]

    override fun rateLimits(headers: WireHeaders) = AnthropicErrors.rateLimits(headers, Instant.now())
}
