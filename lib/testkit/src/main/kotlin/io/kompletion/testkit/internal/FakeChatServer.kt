package io.kompletion.testkit.internal

import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.FakeResponder
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackRequest
import io.kompletion.testkit.server.LoopbackServer
import kotlinx.serialization.json.JsonElement

/** What every fake does, whatever its [protocol]: takes requests, finds the reply for each, writes it. */
internal class FakeChatServer(private val protocol: FakeProtocol) : FakeChatProvider {
    private val dialogue = FakeDialogue()

    override val server: LoopbackServer = LoopbackServer.start(::answer)

    override val baseUrl: String get() = server.url + protocol.basePath

    override val openingEvents: Int get() = protocol.openingEvents

    override val requests: List<FakeRequest> get() = dialogue.requests

    override val lastRequest: FakeRequest get() = dialogue.lastRequest(server.requestCount)

    val queuedReplies: Int get() = dialogue.queuedReplies

    override fun enqueue(vararg replies: FakeReply): FakeChatProvider = apply { dialogue.enqueue(replies) }

    override fun respond(responder: FakeResponder): FakeChatProvider = apply { dialogue.responder = responder }

    fun requireApiKey(key: String) {
        dialogue.apiKey = key
    }

    override fun close() {
        server.close()
    }

    private fun answer(http: LoopbackRequest): LoopbackReply {
        val number = dialogue.nextNumber()
        val turn = try {
            dialogue.take { index -> protocol.read(http, index, dialogue.apiKey) }
        } catch (e: RefusedException) {
            val wire = protocol.wire(http, number, Pacing())
            return failure(wire, e.failure)
        }
        val reply = turn.reply()
        return write(reply.answer, turn.request, protocol.wire(http, number, reply.pacing))
    }

    private fun write(answer: FakeAnswer, request: FakeRequest, wire: ReplyWire): LoopbackReply {
        val writer = ReplyWriter(wire.pacing, wire.headers)
        return when (answer) {
            is FakeAnswer.Raw -> answer.reply
            is FakeAnswer.Whole -> writer.whole(answer.status, answer.contentType, answer.body)
            is FakeAnswer.Failure -> failure(wire, answer.failure)
            is FakeAnswer.Message -> writer.message(wire, request, answer)
        }
    }

    private fun ReplyWriter.message(
        wire: ReplyWire,
        request: FakeRequest,
        message: FakeAnswer.Message,
    ): LoopbackReply {
        val writing = wire.message(request, message)
        val failure = wire.pacing.failAfter?.second
        return when {
            request.isStreaming -> stream(wire.streamType, writing.events().map(wire::bytes)) {
                wire.bytes(wire.errorEvent(it))
            }

            failure != null -> this@FakeChatServer.failure(wire, failure)

            else -> whole(200, wire.jsonType, bytes(writing.whole()))
        }
    }

    private fun failure(wire: ReplyWire, failure: FakeFailure): LoopbackReply =
        ReplyWriter(wire.pacing, wire.headers + wire.errorHeaders(failure))
            .whole(failure.status, wire.jsonType, bytes(wire.error(failure)))

    private fun bytes(body: JsonElement): ByteArray = body.toString().encodeToByteArray()
}
