package io.kompletion.testkit.anthropic

import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeResponder
import io.kompletion.testkit.internal.FakeChatServer

/**
 * A loopback server that speaks Anthropic's messages, `POST /v1/messages`, streamed and whole. Its base URL is
 * `http://127.0.0.1:<port>/v1`.
 *
 * A request that the real server would refuse is refused: unknown paths (404), no key (401), no version, broken JSON, no
 * model, no `max_tokens`, empty texts, tool results that do not stand first in the message after their calls (400). A
 * valid request gets the next reply of the queue; when that is empty the [respond]er is asked; without one, the fake
 * behaves like a small model, as [io.kompletion.testkit.openai.FakeOpenAi] does. A reply's `x-request-id` header goes
 * out under Anthropic's name, `request-id`. Thread-safe.
 */
public class FakeAnthropic private constructor(private val chat: FakeChatServer) : FakeChatProvider by chat {
    /** How many replies of the queue are left. */
    public val queuedReplies: Int get() = chat.queuedReplies

    /** Adds [replies] to the queue; each serves one request. */
    override fun enqueue(vararg replies: FakeReply): FakeAnthropic = apply { chat.enqueue(*replies) }

    /** Answers with [responder] whenever the queue is empty. */
    override fun respond(responder: FakeResponder): FakeAnthropic = apply { chat.respond(responder) }

    /** Accepts only this key from now on; any other gets status 401. */
    public fun requireApiKey(key: String): FakeAnthropic = apply { chat.requireApiKey(key) }

    override fun toString(): String = "FakeAnthropic($baseUrl)"

    public companion object {
        /**
         * Starts a server of its own, for tests that need two of them; [io.kompletion.testkit.FakeProviders] has one.
         */
        @JvmStatic
        public fun start(): FakeAnthropic = FakeAnthropic(FakeChatServer(AnthropicProtocol(OwnDialect)))

        /**
         * Starts a server that speaks as Google Cloud does: `POST /v1/projects/…/models/<model>:rawPredict` and
         * `:streamRawPredict`, with an access token as bearer. The key of [requireApiKey] is that token.
         */
        @JvmStatic
        public fun startVertex(): FakeAnthropic = FakeAnthropic(FakeChatServer(AnthropicProtocol(VertexDialect)))

        /**
         * Starts a server that speaks as Amazon Bedrock does: `POST /model/<model>/invoke` and
         * `/invoke-with-response-stream`, the events in Amazon's frames. It takes an API key as bearer, which is the key
         * of [requireApiKey], and any signature; see [io.kompletion.testkit.bedrock.FakeBedrock] for one that checks.
         */
        @JvmStatic
        public fun startBedrock(): FakeAnthropic = FakeAnthropic(FakeChatServer(InvokeProtocol()))
    }
}
