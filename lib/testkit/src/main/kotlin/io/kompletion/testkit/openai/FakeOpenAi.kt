package io.kompletion.testkit.openai

import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeResponder
import io.kompletion.testkit.internal.FakeChatServer

/**
 * A loopback server that speaks OpenAI's chat completions, `POST /v1/chat/completions`, streamed and whole. Its base
 * URL is `http://127.0.0.1:<port>/v1`.
 *
 * A request that the real server would refuse is refused in the same words: unknown paths (404), no key (401), broken
 * JSON, no model, no messages, `stream_options` without `stream`, tool results nobody asked for (400). A valid request
 * gets the next reply of the queue; when that is empty the [respond]er is asked; without one, the fake behaves like a
 * small model: it calls a tool when tools are given and no result is there yet, with arguments that fit the tool's
 * schema, reports the results it got, answers with JSON that fits a `response_format`, and otherwise repeats what the
 * user said. Thread-safe.
 */
public class FakeOpenAi private constructor(
    private val chat: FakeChatServer,
    private val protocol: OpenAiProtocol,
) : FakeChatProvider by chat {
    /** How many replies of the queue are left. */
    public val queuedReplies: Int get() = chat.queuedReplies

    /** Adds [replies] to the queue; each serves one request. */
    override fun enqueue(vararg replies: FakeReply): FakeOpenAi = apply { chat.enqueue(*replies) }

    /** Answers with [responder] whenever the queue is empty. */
    override fun respond(responder: FakeResponder): FakeOpenAi = apply { chat.respond(responder) }

    /** Answers with [reply] whenever the queue is empty. */
    public fun respondWith(reply: FakeReply): FakeOpenAi = respond { reply }

    /** Accepts only this key from now on; any other gets status 401. */
    public fun requireApiKey(key: String): FakeOpenAi = apply { chat.requireApiKey(key) }

    /**
     * Refuses a request for one of [models] that asks for no stream from now on, as Alibaba's servers do for some, with
     * status 400.
     */
    public fun requireStream(vararg models: String): FakeOpenAi = apply { protocol.streamOnly += models }

    override fun toString(): String = "FakeOpenAi($baseUrl)"

    public companion object {
        /**
         * Starts a server of its own, for tests that need two of them; [io.kompletion.testkit.FakeProviders] has one.
         */
        @JvmStatic
        public fun start(): FakeOpenAi = at(OwnHost)

        /**
         * Starts a server that speaks as a resource of Azure does: `POST /openai/v1/chat/completions`, and
         * `/openai/deployments/<deployment>/chat/completions` with an `api-version`; its base URL is
         * `http://127.0.0.1:<port>`. The key travels in `api-key`, or a token as bearer. Answers have what the content
         * filter found, which stands in the first event of a stream, without a choice.
         */
        @JvmStatic
        public fun startAzure(): FakeOpenAi = at(AzureHost)

        /**
         * Starts a server that speaks as IBM watsonx.ai does: `POST /ml/v1/text/chat` and `/ml/v1/text/chat_stream`, or
         * those of a deployment; its base URL is `http://127.0.0.1:<port>`. It takes a token as bearer and exchanges no
         * API keys: give the client `auth = Auth.Bearer`.
         */
        @JvmStatic
        public fun startWatsonx(): FakeOpenAi = at(WatsonxHost)

        private fun at(host: ChatHost) = OpenAiProtocol(host).let { FakeOpenAi(FakeChatServer(it), it) }
    }
}
