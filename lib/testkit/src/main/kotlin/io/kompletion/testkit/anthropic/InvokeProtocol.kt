package io.kompletion.testkit.anthropic

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.bedrock.AwsAuthorization
import io.kompletion.testkit.bedrock.AwsErrors
import io.kompletion.testkit.bedrock.AwsReplyWire
import io.kompletion.testkit.bedrock.EventLines
import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.FakeProtocol
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.Pacing
import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.ReplyWire
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.net.URLDecoder
import java.util.Base64

/** Anthropic's messages inside Amazon's InvokeModel. */
internal class InvokeProtocol : FakeProtocol {
    override val basePath: String get() = ""

    /** The start of the message. */
    override val openingEvents: Int get() = 1

    override fun read(http: LoopbackRequest, index: Int, apiKey: String?): FakeRequest =
        MessageRequestReader(InvokeDialect, apiKey).read(http, index)

    override fun wire(http: LoopbackRequest, number: Int, pacing: Pacing): ReplyWire =
        AwsReplyWire(number, pacing) { request, message -> Wrapped(MessageWire(request, message, number)) }

    /** Each of Anthropic's events in a frame of its own, as base64. */
    private class Wrapped(private val messages: MessageWriting) : MessageWriting {
        override fun whole(): JsonElement = messages.whole()

        override fun events(): List<String> = messages.events().map { events ->
            events.lineSequence().filter { it.startsWith(DATA) }.joinToString("") { line ->
                val bytes = line.removePrefix(DATA).encodeToByteArray()
                EventLines.event("chunk", "{\"bytes\":\"${Base64.getEncoder().encodeToString(bytes)}\",\"p\":\"abcd\"}")
            }
        }
    }

    private companion object {
        const val DATA = "data: "
    }
}

/** Amazon Bedrock: model and kind of answer stand in the path, and errors are Amazon's. */
internal object InvokeDialect : MessageDialect {
    private val authorization = AwsAuthorization()

    override fun checkHead(http: LoopbackRequest, apiKey: String?) {
        if (http.method != "POST" || !PATH.matches(http.path)) {
            throw RefusedException(404, "Unknown operation", "UnknownOperationException")
        }
        authorization.check(http, apiKey)
    }

    override fun body(http: LoopbackRequest, body: JsonObject): JsonObject {
        val (model, verb) = checkNotNull(PATH.matchEntire(http.path)).destructured
        if (body.text("anthropic_version") != VERSION) throw refused("anthropic_version: Input should be '$VERSION'")
        for (name in listOf("model", "stream")) {
            if (name in body) throw refused("$name: Extra inputs are not permitted")
        }
        val own = mapOf(
            "model" to JsonPrimitive(URLDecoder.decode(model, "UTF-8")),
            "stream" to JsonPrimitive(verb == STREAM),
        )
        return JsonObject(body - "anthropic_version" + own)
    }

    override fun error(failure: FakeFailure, requestId: String): JsonObject = AwsErrors.body(failure)

    private fun refused(message: String) = RefusedException(BAD, message, "ValidationException")

    private const val BAD = 400
    private const val VERSION = "bedrock-2023-05-31"
    private const val STREAM = "invoke-with-response-stream"
    private val PATH = Regex("/model/([^/]+)/(invoke|$STREAM)")
}
