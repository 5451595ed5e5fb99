package io.kompletion.providers.cohere

import io.kompletion.chat.ContentPart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.RateLimits
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.obj
import io.kompletion.provider.AnswerSink
import io.kompletion.provider.ChatCodec
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.MediaForm
import io.kompletion.provider.StreamDecoder
import io.kompletion.provider.Target
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/**
 * Cohere's chat, version 2.
 *
 * @see <a href="https://docs.cohere.com/reference/chat">Cohere: chat</a>
 */
internal class CohereCodec(private val providerId: String) : ChatCodec {
    override fun encode(target: Target, streaming: Boolean): EncodedChat =
        CohereRequestWriter(target, streaming).encode()

    override fun mediaForms(part: ContentPart, target: Target): Set<MediaForm> =
        if (part is ImagePart) MediaForm.EITHER else MediaForm.NEITHER

    override fun decode(body: JsonElement, out: AnswerSink) {
        errorIn(body)?.let { throw it }
        val message = (body as? JsonObject)?.obj("message") ?: throw UnexpectedResponseException(
            "the answer has no \"message\"",
            ErrorDetails.builder().code("protocol.shape").body(body.toString()).build(),
        )
        CohereAnswerReader(providerId, out).whole(body, message)
        out.done()
    }

    override fun decoder(out: AnswerSink): StreamDecoder = CohereStreamDecoder(CohereAnswerReader(providerId, out), out)

    override fun error(status: Int, headers: WireHeaders, body: String): KompletionException =
        CohereErrors.of(status, headers, body, requestId(headers), Instant.now())

    override fun errorIn(body: JsonElement): KompletionException? = CohereErrors.inside(body)

    override fun requestId(headers: WireHeaders): String? = headers["x-request-id"] ?: headers["x-debug-trace-id"]

    override fun rateLimits(headers: WireHeaders): RateLimits? = CohereLimits.of(headers, Instant.now())
}
