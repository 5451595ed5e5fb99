package io.kompletion.testkit.openai

import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.FakeResponder
import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeDialogue
import io.kompletion.testkit.internal.ReplyWriter
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackRequest
import io.kompletion.testkit.server.LoopbackServer
import java.util.concurrent.ConcurrentHashMap

/**
 * A loopback server that speaks OpenAI's chat completions, `POST /v1/chat/completions`, streamed and whole.
 *
 * A request that the real server would refuse is refused in the same words: unknown paths (404), no key (401), broken
 * JSON, no model, no messages, `stream_options` without `stream`, tool results nobody asked for (400). A valid request
 * gets the next reply of the queue; when that is empty the [respond]er is asked; without one, the fake behaves like a
 * small model: it calls a tool when tools are given and no result is there yet, with arguments that fit the tool's
 * schema, reports the results it got, answers with JSON that fits a `response_format`, and otherwise repeats what the
 * user said. Thread-safe.
 */
public class FakeOpenAi private constructor() : FakeChatProvider {
    private val dialogue = FakeDialogue()
    private val streamOnly = ConcurrentHashMap.newKeySet<String>()

    /** The server beneath: every request, refused ones included, and the log of the connections. */
    override val server: LoopbackServer = LoopbackServer.start(::answer)

    /** What a client takes for OpenAI's base URL, `http://127.0.0.1:<port>/v1`. */
    override val baseUrl: String get() = "${server.url}/v1"

    /** The valid requests so far, in the order they were answered. */
    override val requests: List<FakeRequest> get() = dialogue.requests

    /** The last valid request; an exception when there was none. */
    override val lastRequest: FakeRequest get() = dialogue.lastRequest(server.requestCount)

    /** How many replies of the queue are left. */
    public val queuedReplies: Int get() = dialogue.queuedReplies

    /** Adds [replies] to the queue; each serves one request. */
    override fun enqueue(vararg replies: FakeReply): FakeOpenAi = apply { dialogue.enqueue(replies) }

    /** Answers with [responder] whenever the queue is empty. */
    override fun respond(responder: FakeResponder): FakeOpenAi = apply { dialogue.responder = responder }

    /** Answers with [reply] whenever the queue is empty. */
    public fun respondWith(reply: FakeReply): FakeOpenAi = respond { reply }

    /** Accepts only this key from now on; any other gets status 401. */
    public fun requireApiKey(key: String): FakeOpenAi = apply { dialogue.apiKey = key }

    /**
     * Refuses a request for one of [models] that asks for no stream from now on, as Alibaba's servers do for some, with
     * status 400.
     */
    public fun requireStream(vararg models: String): FakeOpenAi = apply { streamOnly += models }

    /** Ends the server, its threads and its connections. Calling it again does nothing. */
    override fun close() {
        server.close()
    }

    override fun toString(): String = "FakeOpenAi($baseUrl)"

    private fun answer(http: LoopbackRequest): LoopbackReply {
        val number = dialogue.nextNumber()
        val turn = try {
            dialogue.take { index -> ChatRequestReader(dialogue.apiKey, streamOnly).read(http, index) }
        } catch (e: RefusedRequestException) {
            return write(FakeReply.error(e.status, e.message, INVALID_REQUEST, e.code, e.param), null, number)
        }
        return write(turn.reply(), turn.request, number)
    }

    private fun write(reply: FakeReply, request: FakeRequest?, number: Int): LoopbackReply {
        val writer = ReplyWriter(
            reply.pacing,
            listOf(
                "x-request-id" to "req_fake_$number",
                "openai-version" to "2020-10-01",
                "openai-processing-ms" to "1",
            ),
        )
        return when (val answer = reply.answer) {
            is FakeAnswer.Raw -> {
                answer.reply
            }

            is FakeAnswer.Whole -> {
                writer.whole(answer.status, answer.contentType, answer.body)
            }

            is FakeAnswer.Failure -> {
                writer.whole(answer.failure.status, JSON, errorBody(answer.failure))
            }

            is FakeAnswer.Message -> {
                val wire = ChatCompletionWire(checkNotNull(request), answer, number)
                val failure = reply.pacing.failAfter?.second
                when {
                    wire.isStreaming -> writer.stream(EVENT_STREAM, wire.events()) { serverSentEvent(errorJson(it)) }
                    failure != null -> writer.whole(failure.status, JSON, errorBody(failure))
                    else -> writer.whole(200, JSON, wire.whole().toString().encodeToByteArray())
                }
            }
        }
    }

    public companion object {
        private const val JSON = "application/json"
        private const val EVENT_STREAM = "text/event-stream; charset=utf-8"

        /**
         * Starts a server of its own, for tests that need two of them; [io.kompletion.testkit.FakeProviders] has one.
         */
        @JvmStatic
        public fun start(): FakeOpenAi = FakeOpenAi()
    }
}
