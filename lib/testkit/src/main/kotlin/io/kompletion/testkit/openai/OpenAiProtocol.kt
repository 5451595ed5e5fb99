package io.kompletion.testkit.openai

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.FakeProtocol
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.Pacing
import io.kompletion.testkit.internal.ReplyWire
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonElement
import java.util.concurrent.ConcurrentHashMap

/** OpenAI's chat completions. */
internal class OpenAiProtocol : FakeProtocol {
    /** Models that answer in streams alone. */
    val streamOnly: MutableSet<String> = ConcurrentHashMap.newKeySet()

    override val basePath: String get() = "/v1"

    /** The chunk with the role. */
    override val openingEvents: Int get() = 1

    override fun read(http: LoopbackRequest, index: Int, apiKey: String?): FakeRequest =
        ChatRequestReader(apiKey, streamOnly).read(http, index)

    override fun wire(http: LoopbackRequest, number: Int, pacing: Pacing): ReplyWire = OpenAiReplyWire(number, pacing)
}

private class OpenAiReplyWire(private val number: Int, override val pacing: Pacing) : ReplyWire {
    override val headers: List<Pair<String, String>> get() = listOf(
        "x-request-id" to "req_fake_$number",
        "openai-version" to "2020-10-01",
        "openai-processing-ms" to "1",
    )

    override fun error(failure: FakeFailure): JsonElement = openAiError(failure)

    override fun errorEvent(failure: FakeFailure): String = serverSentEvent(openAiError(failure))

    override fun message(request: FakeRequest, message: FakeAnswer.Message): MessageWriting =
        ChatCompletionWire(request, message, number)
}
