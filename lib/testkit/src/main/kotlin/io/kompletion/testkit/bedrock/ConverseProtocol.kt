package io.kompletion.testkit.bedrock

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.FakeProtocol
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.Pacing
import io.kompletion.testkit.internal.ReplyWire
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonElement

/** Converse and ConverseStream. */
internal class ConverseProtocol(private val authorization: AwsAuthorization) : FakeProtocol {
    override val basePath: String get() = ""

    /** The start of the message. */
    override val openingEvents: Int get() = 1

    override fun read(http: LoopbackRequest, index: Int, apiKey: String?): FakeRequest =
        ConverseRequestReader(authorization, apiKey).read(http, index)

    override fun wire(http: LoopbackRequest, number: Int, pacing: Pacing): ReplyWire = AwsReplyWire(number, pacing) {
            request,
            message,
        ->
        ConverseWire(request, message, number)
    }
}

/** What the answers of everything at Bedrock have in common: names of headers, errors, frames. */
internal class AwsReplyWire(
    number: Int,
    scripted: Pacing,
    private val writing: (FakeRequest, FakeAnswer.Message) -> MessageWriting,
) : ReplyWire {
    override val pacing: Pacing = scripted.copy(
        headers = scripted.headers.map { (name, value) ->
            (if (name.equals("x-request-id", ignoreCase = true)) REQUEST_ID else name) to value
        },
    )

    override val headers: List<Pair<String, String>> = listOf(REQUEST_ID to "fake-request-$number")

    override val streamType: String get() = "application/vnd.amazon.eventstream"

    override fun bytes(event: String): ByteArray = EventLines.bytes(event)

    override fun errorHeaders(failure: FakeFailure): List<Pair<String, String>> = AwsErrors.headers(failure)

    override fun error(failure: FakeFailure): JsonElement = AwsErrors.body(failure)

    override fun errorEvent(failure: FakeFailure): String =
        EventLines.exception(AwsErrors.inStream(failure), AwsErrors.body(failure))

    override fun message(request: FakeRequest, message: FakeAnswer.Message): MessageWriting = writing(request, message)

    private companion object {
        const val REQUEST_ID = "x-amzn-requestid"
    }
}
