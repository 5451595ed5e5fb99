package io.kompletion.providers.bedrock

import io.kompletion.chat.ContentPart
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.string
import io.kompletion.provider.AnswerSink
import io.kompletion.provider.ChatCodec
import io.kompletion.provider.MediaForm
import io.kompletion.provider.StreamDecoder
import io.kompletion.provider.Target
import io.kompletion.providers.anthropic.AnthropicCodec
import io.kompletion.providers.anthropic.AnthropicPlatform
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.time.Instant
import java.util.Base64

/** Anthropic's messages inside InvokeModel: what goes out and comes back is Anthropic's, the frames and errors are Amazon's. */
internal class InvokedMessages private constructor(private val messages: AnthropicCodec) : ChatCodec by messages {
    constructor(platform: AnthropicPlatform) : this(AnthropicCodec(platform))

    /** Amazon fetches nothing for Anthropic's models. */
    override fun mediaForms(part: ContentPart, target: Target): Set<MediaForm> =
        messages.mediaForms(part, target) - MediaForm.ADDRESS

    override fun decode(body: JsonElement, out: AnswerSink) {
        errorIn(body)?.let { throw it }
        messages.decode(body, out)
    }

    override fun decoder(out: AnswerSink): StreamDecoder = Unwrapping(messages.decoder(out))

    override fun error(status: Int, headers: WireHeaders, body: String): KompletionException =
        BedrockErrors.of(status, headers, body, requestId(headers), Instant.now())

    override fun errorIn(body: JsonElement): KompletionException? = messages.errorIn(body) ?: BedrockErrors.inside(body)

    override fun failure(type: String, body: String): KompletionException = BedrockErrors.inStream(type, body)

    override fun requestId(headers: WireHeaders): String? = headers["x-amzn-requestid"]

    /** Each event is `{"bytes":…}`, base64 of one of Anthropic's. */
    private class Unwrapping(private val messages: StreamDecoder) : StreamDecoder {
        override fun accept(name: String?, data: ByteArray, start: Int, end: Int) {
            // Gateways in front of Bedrock send Anthropic's own events.
            if (name != CHUNK) return messages.accept(name, data, start, end)
            val encoded = (WireJson.parse(data, start, end) as? JsonObject)?.string("bytes") ?: throw broken()
            val event = try {
                Base64.getDecoder().decode(encoded)
            } catch (_: IllegalArgumentException) {
                throw broken()
            }
            messages.accept(null, event, 0, event.size)
        }

        private fun broken() = UnexpectedResponseException(
            "an event of the stream has no base64 in \"bytes\"",
            ErrorDetails.builder().code("protocol.shape").build(),
        )
    }

    private companion object {
        const val CHUNK = "chunk"
    }
}
