package io.kompletion.providers.gemini

import io.kompletion.chat.AudioPart
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.RateLimits
import io.kompletion.chat.VideoPart
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
import io.kompletion.provider.TokenCounter
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/**
 * Google's `generateContent`, at each of its places.
 *
 * @property answerId makes a name for an answer that comes without one, for the ids of its tool calls
 * @see <a href="https://ai.google.dev/api/generate-content">Google: generating content</a>
 */
internal class GeminiCodec(
    private val providerId: String,
    private val host: GeminiHost,
    private val answerId: () -> String = GeminiIds::random,
) : ChatCodec {
    override val counter: TokenCounter = GeminiCounter(host)

    override fun encode(target: Target, streaming: Boolean): EncodedChat =
        GeminiRequestWriter(target, host, streaming).encode()

    override fun mediaForms(part: ContentPart, target: Target): Set<MediaForm> = when (part) {
        is ImagePart, is DocumentPart, is FilePart, is AudioPart, is VideoPart -> MediaForm.EITHER
        else -> MediaForm.NEITHER
    }

    /** One answer, or a list of its pieces: so a stream comes when nobody asks for events. */
    override fun decode(body: JsonElement, out: AnswerSink) {
        val reader = GeminiAnswerReader(providerId, host, answerId, out)
        val pieces = body as? JsonArray ?: listOf(body)
        for (piece in pieces) reader.piece(piece as? JsonObject ?: throw noAnswer(body))
        if (!reader.hasCandidates) throw noAnswer(body)
        reader.end()
        out.done()
    }

    private fun noAnswer(body: JsonElement) = UnexpectedResponseException(
        "the answer has no \"candidates\"",
        ErrorDetails.builder().code("protocol.shape").body(body.toString()).build(),
    )

    override fun decoder(out: AnswerSink): StreamDecoder =
        GeminiStreamDecoder(GeminiAnswerReader(providerId, host, answerId, out))

    override fun error(status: Int, headers: WireHeaders, body: String): KompletionException =
        GeminiErrors.of(status, headers, body, requestId(headers), Instant.now())

    override fun errorIn(body: JsonElement): KompletionException? = GeminiErrors.inside(body)

    override fun requestId(headers: WireHeaders): String? = headers["x-goog-request-id"] ?: headers["x-request-id"]

    /** Google does not say. */
    override fun rateLimits(headers: WireHeaders): RateLimits? = null
}

/** Reads the events of one stream: each is a piece of the answer, and there is no marker at the end. */
private class GeminiStreamDecoder(private val reader: GeminiAnswerReader) : StreamDecoder {
    private val events = EventJson()

    override fun accept(name: String?, data: ByteArray, start: Int, end: Int) {
        when (val event = events.parse(data, start, end)) {
            is JsonObject -> reader.piece(event)
            is JsonArray -> for (piece in event) if (piece is JsonObject) reader.piece(piece)
            else -> Unit
        }
    }
}
