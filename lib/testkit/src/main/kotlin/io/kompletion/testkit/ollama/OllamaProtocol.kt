package io.kompletion.testkit.ollama

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.FakeProtocol
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.Pacing
import io.kompletion.testkit.internal.ReplyWire
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Ollama's chat. */
internal object OllamaProtocol : FakeProtocol {
    override val basePath: String get() = ""

    /** None: the first line has text already. */
    override val openingEvents: Int get() = 0

    override fun read(http: LoopbackRequest, index: Int, apiKey: String?): FakeRequest =
        OllamaChatReader(apiKey).read(http, index)

    override fun wire(http: LoopbackRequest, number: Int, pacing: Pacing): ReplyWire = OllamaReplyWire(number, pacing)
}

private class OllamaReplyWire(private val number: Int, override val pacing: Pacing) : ReplyWire {
    override val headers: List<Pair<String, String>> get() = emptyList()

    override val jsonType: String get() = "application/json; charset=utf-8"

    override val streamType: String get() = "application/x-ndjson"

    /** Ollama has words alone; those of a busy server are always the same. */
    override fun error(failure: FakeFailure): JsonElement {
        val said = failure.message ?: "the request was refused with status ${failure.status}"
        return error(if (failure.code in BUSY) "server busy, please try again.  $said" else said)
    }

    private fun error(text: String) = JsonObject(mapOf("error" to JsonPrimitive(text)))

    override fun errorEvent(failure: FakeFailure): String = "${error(failure)}\n"

    override fun message(request: FakeRequest, message: FakeAnswer.Message): MessageWriting =
        OllamaChatWire(request, message, number)

    private companion object {
        val BUSY = setOf("server_is_overloaded", "overloaded_error")
    }
}
