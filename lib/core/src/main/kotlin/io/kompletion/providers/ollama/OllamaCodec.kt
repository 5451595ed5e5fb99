package io.kompletion.providers.ollama

import io.kompletion.chat.ContentPart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.RateLimits
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.EventJson
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
import java.util.UUID

/**
 * Ollama's chat: one JSON document a line, of which the last says `"done":true`.
 *
 * @property answerId makes a name for an answer that does not say when it was made
 * @see <a href="https://docs.ollama.com/api/chat">Ollama: chat</a>
 */
internal class OllamaCodec(
    private val providerId: String,
    private val answerId: () -> String = { UUID.randomUUID().toString() },
) : ChatCodec {
    override fun encode(target: Target, streaming: Boolean): EncodedChat =
        OllamaRequestWriter(target, streaming).encode()

    override fun mediaForms(part: ContentPart, target: Target): Set<MediaForm> =
        if (part is ImagePart) MediaForm.BYTES_ONLY else MediaForm.NEITHER

    override fun decode(body: JsonElement, out: AnswerSink) {
        errorIn(body)?.let { throw it }
        val fields = (body as? JsonObject)?.takeIf { "message" in it } ?: throw UnexpectedResponseException(
            "the answer has no \"message\"",
            ErrorDetails.builder().code("protocol.shape").body(body.toString()).build(),
        )
        OllamaAnswerReader(providerId, answerId, out).line(fields)
    }

    override fun decoder(out: AnswerSink): StreamDecoder =
        OllamaStreamDecoder(OllamaAnswerReader(providerId, answerId, out))

    override fun error(status: Int, headers: WireHeaders, body: String): KompletionException =
        OllamaErrors.of(status, headers, body, requestId(headers), Instant.now())

    override fun errorIn(body: JsonElement): KompletionException? = OllamaErrors.inside(body)

    override fun requestId(headers: WireHeaders): String? = headers["x-request-id"]

    /** Ollama does not say. */
    override fun rateLimits(headers: WireHeaders): RateLimits? = null
}

/** Reads the lines of one stream. */
private class OllamaStreamDecoder(private val reader: OllamaAnswerReader) : StreamDecoder {
    private val events = EventJson()

    override fun accept(name: String?, data: ByteArray, start: Int, end: Int) {
        val line = events.parse(data, start, end) as? JsonObject ?: return
        OllamaErrors.inside(line)?.let { throw it }
        reader.line(line)
    }
}
