package io.kompletion.providers.openai

import io.kompletion.chat.AudioPart
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.VideoPart
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
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/**
 * OpenAI's chat completions, also as other servers speak them.
 *
 * @param dialectOf how the server of a target differs
 * @param answers how its answers differ, whatever the target
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">OpenAI: chat completions</a>
 */
internal class OpenAiCodec(
    private val providerId: String,
    private val dialectOf: (Target) -> OpenAiDialect,
    private val quick: Boolean = true,
    private val answers: OpenAiDialect = OpenAiDialect.COMPATIBLE,
) : ChatCodec {
    constructor(
        providerId: String,
        dialect: OpenAiDialect,
        quick: Boolean = true,
    ) : this(providerId, { dialect }, quick, dialect)

    private val reader = OpenAiAnswerReader(providerId, answers.failures)

    override fun encode(target: Target, streaming: Boolean): EncodedChat =
        OpenAiRequestWriter(target, dialectOf(target), streaming).encode()

    override fun mediaForms(part: ContentPart, target: Target): Set<MediaForm> = when (part) {
        is ImagePart, is VideoPart -> MediaForm.EITHER
        is AudioPart -> MediaForm.BYTES_ONLY
        is DocumentPart, is FilePart -> if (dialectOf(target).takesFileUrls) MediaForm.EITHER else MediaForm.BYTES_ONLY
        else -> MediaForm.NEITHER
    }

    override fun decode(body: JsonElement, out: AnswerSink) {
        errorIn(body)?.let { throw it }
        val choices = (body as? JsonObject)?.array("choices") ?: throw UnexpectedResponseException(
            "the answer has no \"choices\"",
            ErrorDetails.builder().code("protocol.shape").body(body.toString()).build(),
        )
        reader.head(body, out)
        choices.forEachIndexed { position, choice ->
            (choice as? JsonObject)?.let { reader.choice(it, position, out, isStream = false) }
        }
        out.done()
    }

    override fun decoder(out: AnswerSink): StreamDecoder = OpenAiStreamDecoder(reader, out, quick)

    override fun error(status: Int, headers: WireHeaders, body: String): KompletionException =
        OpenAiErrors.of(status, headers, body, requestId(headers), Instant.now())

    override fun errorIn(body: JsonElement): KompletionException? = OpenAiErrors.inside(body)

    override fun requestId(headers: WireHeaders): String? = answers.requestIds.firstNotNullOfOrNull { headers[it] }

    override fun rateLimits(headers: WireHeaders) = openAiRateLimits(headers)
}
