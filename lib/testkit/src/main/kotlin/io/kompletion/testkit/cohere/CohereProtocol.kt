package io.kompletion.testkit.cohere

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.FakeProtocol
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.Pacing
import io.kompletion.testkit.internal.ReplyWire
import io.kompletion.testkit.internal.namedEvent
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject

/** Cohere's chat, version 2. */
internal object CohereProtocol : FakeProtocol {
    override val basePath: String get() = "/v2"

    /** The start of the message. */
    override val openingEvents: Int get() = 1

    override fun read(http: LoopbackRequest, index: Int, apiKey: String?): FakeRequest =
        CohereChatReader(apiKey).read(http, index)

    override fun wire(http: LoopbackRequest, number: Int, pacing: Pacing): ReplyWire = CohereReplyWire(number, pacing)
}

private class CohereReplyWire(private val number: Int, override val pacing: Pacing) : ReplyWire {
    override val headers: List<Pair<String, String>> get() = listOf("x-debug-trace-id" to "trace_fake_$number")

    override val streamType: String get() = "text/event-stream"

    override fun error(failure: FakeFailure): JsonElement = buildJsonObject {
        (failure.code ?: failure.type)?.let { put("error_type", it) }
        put("id", "error-fake-$number")
        put("message", said(failure))
    }

    /** The end of a message that failed; there is no event for errors alone. */
    override fun errorEvent(failure: FakeFailure): String = namedEvent("message-end") {
        putJsonObject("delta") {
            put("finish_reason", "ERROR")
            putJsonObject("usage") {}
            put("error", said(failure))
            (failure.code ?: failure.type)?.let { put("error_type", it) }
        }
    } + "data: [DONE]\n\n"

    private fun said(failure: FakeFailure) = failure.message ?: "The request was refused with status ${failure.status}."

    override fun message(request: FakeRequest, message: FakeAnswer.Message): MessageWriting =
        CohereChatWire(request, message, number)
}
