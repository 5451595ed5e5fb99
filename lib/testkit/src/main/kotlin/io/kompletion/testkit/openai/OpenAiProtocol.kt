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

/** OpenAI's chat completions, as [host] serves them. */
internal class OpenAiProtocol(private val host: ChatHost) : FakeProtocol {
    /** Models that answer in streams alone. */
    val streamOnly: MutableSet<String> = ConcurrentHashMap.newKeySet()

    override val basePath: String get() = host.basePath

    override val openingEvents: Int get() = host.openingEvents

    override fun read(http: LoopbackRequest, index: Int, apiKey: String?): FakeRequest =
        ChatRequestReader(host, apiKey, streamOnly).read(http, index)

    override fun wire(http: LoopbackRequest, number: Int, pacing: Pacing): ReplyWire =
        OpenAiReplyWire(host, number, pacing)
}

private class OpenAiReplyWire(
    private val host: ChatHost,
    private val number: Int,
    override val pacing: Pacing,
) : ReplyWire {
    override val headers: List<Pair<String, String>> get() = host.headers(number)

    override fun error(failure: FakeFailure): JsonElement = host.error(failure)

    override fun errorEvent(failure: FakeFailure): String = serverSentEvent(host.error(failure))

    override fun message(request: FakeRequest, message: FakeAnswer.Message): MessageWriting =
        host.dressed(ChatCompletionWire(request, message, number))
}
