package io.kompletion.testkit.anthropic

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.FakeProtocol
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.Pacing
import io.kompletion.testkit.internal.ReplyWire
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonElement

/** Anthropic's messages, as one place speaks them. */
internal class AnthropicProtocol(private val dialect: MessageDialect) : FakeProtocol {
    override val basePath: String get() = "/v1"

    /** The start of the message. */
    override val openingEvents: Int get() = 1

    override fun read(http: LoopbackRequest, index: Int, apiKey: String?): FakeRequest =
        MessageRequestReader(dialect, apiKey).read(http, index)

    override fun wire(http: LoopbackRequest, number: Int, pacing: Pacing): ReplyWire =
        AnthropicReplyWire(dialect, number, pacing)
}

private class AnthropicReplyWire(
    private val dialect: MessageDialect,
    private val number: Int,
    scripted: Pacing,
) : ReplyWire {
    override val pacing: Pacing = scripted.copy(
        headers = scripted.headers.map { (name, value) ->
            (if (name.equals("x-request-id", ignoreCase = true)) REQUEST_ID else name) to value
        },
    )

    private val id = pacing.headers.firstOrNull { it.first == REQUEST_ID }?.second ?: "req_fake_$number"

    override val headers: List<Pair<String, String>> get() = listOf(REQUEST_ID to id)

    override fun error(failure: FakeFailure): JsonElement = dialect.error(failure, id)

    override fun errorEvent(failure: FakeFailure): String = "event: error\ndata: ${dialect.error(failure, id)}\n\n"

    override fun message(request: FakeRequest, message: FakeAnswer.Message): MessageWriting =
        MessageWire(request, message, number)

    private companion object {
        const val REQUEST_ID = "request-id"
    }
}
