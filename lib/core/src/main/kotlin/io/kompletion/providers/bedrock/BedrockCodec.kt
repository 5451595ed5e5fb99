package io.kompletion.providers.bedrock

import io.kompletion.chat.ContentPart
import io.kompletion.chat.DocumentPart
import io.kompletion.chat.FilePart
import io.kompletion.chat.ImagePart
import io.kompletion.chat.RateLimits
import io.kompletion.chat.VideoPart
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
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
 * Amazon Bedrock's Converse and ConverseStream: one form for the models of all makers.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">AWS: Converse</a>
 */
internal class BedrockCodec(private val providerId: String) : ChatCodec {
    override val counter: TokenCounter get() = BedrockCounter.Converse

    override fun encode(target: Target, streaming: Boolean): EncodedChat =
        BedrockRequestWriter(target, streaming).encode()

    override fun mediaForms(part: ContentPart, target: Target): Set<MediaForm> = when (part) {
        is ImagePart, is DocumentPart, is FilePart, is VideoPart -> MediaForm.BYTES_ONLY
        else -> MediaForm.NEITHER
    }

    override fun decode(body: JsonElement, out: AnswerSink) {
        errorIn(body)?.let { throw it }
        val answer = body as? JsonObject
        val blocks = answer?.obj("output")?.obj("message")?.array("content") ?: throw UnexpectedResponseException(
            "the answer has no \"output.message.content\"",
            ErrorDetails.builder().code("protocol.shape").body(body.toString()).build(),
        )
        val reader = BedrockAnswerReader(providerId, out)
        blocks.forEachIndexed { index, block -> (block as? JsonObject)?.let { reader.whole(index, it) } }
        answer.string("stopReason")?.let(reader::finish)
        reader.tail(answer, WHOLE)
        out.done()
    }

    override fun decoder(out: AnswerSink): StreamDecoder = BedrockStreamDecoder(providerId, out)

    override fun error(status: Int, headers: WireHeaders, body: String): KompletionException =
        BedrockErrors.of(status, headers, body, requestId(headers), Instant.now())

    override fun errorIn(body: JsonElement): KompletionException? = BedrockErrors.inside(body)

    override fun failure(type: String, body: String): KompletionException = BedrockErrors.inStream(type, body)

    override fun requestId(headers: WireHeaders): String? = headers["x-amzn-requestid"]

    override fun rateLimits(headers: WireHeaders): RateLimits? = null

    private companion object {
        val WHOLE = setOf("output", "stopReason")
    }
}
