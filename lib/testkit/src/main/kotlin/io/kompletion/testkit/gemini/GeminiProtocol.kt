package io.kompletion.testkit.gemini

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.FakeProtocol
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.Pacing
import io.kompletion.testkit.internal.ReplyWire
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** Google's generateContent. */
internal class GeminiProtocol(private val api: GeminiApi) : FakeProtocol {
    override val basePath: String get() = api.basePath

    /** The first chunk has text already. */
    override val openingEvents: Int get() = 0

    override fun read(http: LoopbackRequest, index: Int, apiKey: String?): FakeRequest =
        GenerateContentReader(api, apiKey).read(http, index)

    override fun wire(http: LoopbackRequest, number: Int, pacing: Pacing): ReplyWire {
        val framing = when {
            !http.path.endsWith(":$STREAM") -> GeminiFraming.NONE
            "alt=sse" in http.query.split('&') -> GeminiFraming.EVENTS
            else -> GeminiFraming.ARRAY
        }
        return GeminiReplyWire(api, framing, number, pacing)
    }
}

private enum class GeminiFraming { NONE, EVENTS, ARRAY }

private class GeminiReplyWire(
    private val api: GeminiApi,
    private val framing: GeminiFraming,
    private val number: Int,
    scripted: Pacing,
) : ReplyWire {
    /** Seconds that the script wants; Google says them in the body. */
    private val retryAfter = scripted.headers.lastOrNull(::isRetryAfter)?.second

    override val pacing: Pacing = scripted.copy(headers = scripted.headers.filterNot(::isRetryAfter))

    override val headers: List<Pair<String, String>> get() = listOf("x-content-type-options" to "nosniff")

    override val jsonType: String get() = "application/json; charset=UTF-8"

    override val streamType: String get() = if (framing == GeminiFraming.EVENTS) "text/event-stream" else jsonType

    /** A stream that is an array has its error in one, too. */
    override fun error(failure: FakeFailure): JsonElement {
        val error = geminiError(failure, retryAfter = retryAfter)
        return if (framing == GeminiFraming.ARRAY) JsonArray(listOf(error)) else error
    }

    override fun errorEvent(failure: FakeFailure): String {
        val error = geminiError(failure, statusCode(failure), retryAfter)
        val lines = pretty.encodeToString(JsonObject.serializer(), error)
        return if (framing == GeminiFraming.ARRAY) ",\r\n$lines\n]" else "$lines\n"
    }

    override fun message(request: FakeRequest, message: FakeAnswer.Message): MessageWriting {
        val writing = GenerateContentWire(api, request, message, number)
        return object : MessageWriting {
            override fun whole(): JsonElement = writing.whole()

            override fun events(): List<String> = framed(writing.chunks())
        }
    }

    private fun framed(chunks: List<JsonObject>): List<String> = when (framing) {
        GeminiFraming.ARRAY -> chunks.mapIndexed { index, chunk ->
            (if (index == 0) "[" else ",\r\n") + chunk + (if (index == chunks.lastIndex) "\n]" else "\n")
        }

        else -> chunks.map { "data: $it\r\n\r\n" }
    }

    private companion object {
        val pretty = Json { prettyPrint = true }

        fun isRetryAfter(header: Pair<String, String>): Boolean =
            header.first.equals("retry-after", ignoreCase = true) && header.second.toDoubleOrNull() != null
    }
}
