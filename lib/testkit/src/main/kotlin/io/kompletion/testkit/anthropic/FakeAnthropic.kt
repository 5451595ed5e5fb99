package io.kompletion.testkit.anthropic

import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.FakeResponder
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeDialogue
import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.Pacing
import io.kompletion.testkit.internal.ReplyWriter
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackRequest
import io.kompletion.testkit.server.LoopbackServer

/**
 * A loopback server that speaks Anthropic's messages, `POST /v1/messages`, streamed and whole.
 *
 * A request that the real server would refuse is refused: unknown paths (404), no key (401), no version, broken JSON, no
 * model, no `max_tokens`, empty texts, tool results that do not stand first in the message after their calls (400). A
 * valid request gets the next reply of the queue; when that is empty the [respond]er is asked; without one, the fake
 * behaves like a small model, as [io.kompletion.testkit.openai.FakeOpenAi] does. A reply's `x-request-id` header goes
 * out under Anthropic's name, `request-id`. Thread-safe.
 */
public class FakeAnthropic private constructor(private val dialect: MessageDialect) : FakeChatProvider {
    private val dialogue = FakeDialogue()

    /** The server beneath: every request, refused ones included, and the log of the connections. */
    override val server: LoopbackServer = LoopbackServer.start(::answer)

    /** What a client takes for the base URL, `http://127.0.0.1:<port>/v1`. */
    override val baseUrl: String get() = dialect.baseUrl(server.url)

    /** The valid requests so far, in the order they were answered. */
    override val requests: List<FakeRequest> get() = dialogue.requests

    /** The last valid request; an exception when there was none. */
    override val lastRequest: FakeRequest get() = dialogue.lastRequest(server.requestCount)

    /** How many replies of the queue are left. */
    public val queuedReplies: Int get() = dialogue.queuedReplies

    /** Adds [replies] to the queue; each serves one request. */
    override fun enqueue(vararg replies: FakeReply): FakeAnthropic = apply { dialogue.enqueue(replies) }

    /** Answers with [responder] whenever the queue is empty. */
    override fun respond(responder: FakeResponder): FakeAnthropic = apply { dialogue.responder = responder }

    /** Accepts only this key from now on; any other gets status 401. */
    public fun requireApiKey(key: String): FakeAnthropic = apply { dialogue.apiKey = key }

    /** Ends the server, its threads and its connections. Calling it again does nothing. */
    override fun close() {
        server.close()
    }

    override fun toString(): String = "FakeAnthropic($baseUrl)"

    private fun answer(http: LoopbackRequest): LoopbackReply {
        val number = dialogue.nextNumber()
        val turn = try {
            dialogue.take { index -> MessageRequestReader(dialect, dialogue.apiKey).read(http, index) }
        } catch (e: RefusedMessageException) {
            return write(FakeReply.error(e.status, e.message), null, number)
        }
        return write(turn.reply(), turn.request, number)
    }

    private fun write(reply: FakeReply, request: FakeRequest?, number: Int): LoopbackReply {
        val pacing = named(reply.pacing)
        val id = pacing.headers.firstOrNull { it.first == REQUEST_ID }?.second ?: "req_fake_$number"
        val writer = ReplyWriter(pacing, listOf(REQUEST_ID to id))
        return when (val answer = reply.answer) {
            is FakeAnswer.Raw -> answer.reply

            is FakeAnswer.Whole -> writer.whole(answer.status, answer.contentType, answer.body)

            is FakeAnswer.Failure -> writer.whole(answer.failure.status, JSON, body(answer.failure, id))

            is FakeAnswer.Message -> {
                val wire = MessageWire(checkNotNull(request), answer, number)
                val failure = pacing.failAfter?.second
                when {
                    wire.isStreaming -> writer.stream(EVENT_STREAM, wire.events()) {
                        "event: error\ndata: ${dialect.error(it, id)}\n\n"
                    }

                    failure != null -> writer.whole(failure.status, JSON, body(failure, id))

                    else -> writer.whole(200, JSON, wire.whole().toString().encodeToByteArray())
                }
            }
        }
    }

    private fun named(pacing: Pacing): Pacing = pacing.copy(
        headers = pacing.headers.map { (name, value) ->
            (if (name.equals("x-request-id", ignoreCase = true)) REQUEST_ID else name) to value
        },
    )

    private fun body(failure: FakeFailure, id: String) = dialect.error(failure, id).toString().encodeToByteArray()

    public companion object {
        private const val JSON = "application/json"
        private const val EVENT_STREAM = "text/event-stream; charset=utf-8"
        private const val REQUEST_ID = "request-id"

        /**
         * Starts a server of its own, for tests that need two of them; [io.kompletion.testkit.FakeProviders] has one.
         */
        @JvmStatic
        public fun start(): FakeAnthropic = FakeAnthropic(OwnDialect)

        /**
         * Starts a server that speaks as Google Cloud does: `POST /v1/projects/…/models/<model>:rawPredict` and
         * `:streamRawPredict`, with an access token as bearer. The key of [requireApiKey] is that token.
         */
        @JvmStatic
        public fun startVertex(): FakeAnthropic = FakeAnthropic(VertexDialect)
    }
}
