package io.kompletion.testkit.mistral

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.FakeProtocol
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.Pacing
import io.kompletion.testkit.internal.ReplyWire
import io.kompletion.testkit.openai.ChatCompletionWire
import io.kompletion.testkit.openai.ChatRequestReader
import io.kompletion.testkit.openai.OwnHost
import io.kompletion.testkit.openai.serverSentEvent
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** Mistral's chat completions. */
internal object MistralProtocol : FakeProtocol {
    override val basePath: String get() = "/v1"

    /** The chunk with the role. */
    override val openingEvents: Int get() = 1

    override fun read(http: LoopbackRequest, index: Int, apiKey: String?): FakeRequest =
        ChatRequestReader(OwnHost, apiKey, tellsUsage = true, rules = ::checkMistralRequest).read(http, index)

    override fun wire(http: LoopbackRequest, number: Int, pacing: Pacing): ReplyWire = MistralReplyWire(number, pacing)
}

private class MistralReplyWire(private val number: Int, override val pacing: Pacing) : ReplyWire {
    override val headers: List<Pair<String, String>> get() = listOf(
        "mistral-correlation-id" to "correlation_fake_$number",
        "x-ratelimit-limit-req-minute" to "100",
        "x-ratelimit-remaining-req-minute" to "99",
    )

    override fun error(failure: FakeFailure): JsonElement = envelope(failure)

    override fun errorEvent(failure: FakeFailure): String = serverSentEvent(envelope(failure))

    override fun message(request: FakeRequest, message: FakeAnswer.Message): MessageWriting =
        ChatCompletionWire(request, message, number, thinksInParts = true)

    private fun envelope(failure: FakeFailure): JsonObject = buildJsonObject {
        put("object", "error")
        put("message", failure.message ?: "The request was refused with status ${failure.status}.")
        put("type", failure.type ?: if (failure.status < 500) "invalid_request_error" else "internal_server_error")
        put("param", failure.param)
        put("code", failure.code)
    }
}
