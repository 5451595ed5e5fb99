package io.kompletion.testkit.mistral

import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeResponder
import io.kompletion.testkit.internal.FakeChatServer

/**
 * A loopback server that speaks Mistral's chat completions, `POST /v1/chat/completions`, streamed and whole. Its base
 * URL is `http://127.0.0.1:<port>/v1`.
 *
 * A request that the real server would refuse is refused: what [io.kompletion.testkit.openai.FakeOpenAi] refuses, and
 * with status 422 fields that Mistral does not have and ids of tool calls that are not nine letters and digits.
 * Reasoning comes in parts of the content, usage in the last chunk though nobody asks. A valid request gets the next
 * reply of the queue; when that is empty the [respond]er is asked; without one, the fake behaves like a small model.
 * Thread-safe.
 */
public class FakeMistral private constructor(private val chat: FakeChatServer) : FakeChatProvider by chat {
    /** How many replies of the queue are left. */
    public val queuedReplies: Int get() = chat.queuedReplies

    /** Adds [replies] to the queue; each serves one request. */
    override fun enqueue(vararg replies: FakeReply): FakeMistral = apply { chat.enqueue(*replies) }

    /** Answers with [responder] whenever the queue is empty. */
    override fun respond(responder: FakeResponder): FakeMistral = apply { chat.respond(responder) }

    /** Accepts only this key from now on; any other gets status 401. */
    public fun requireApiKey(key: String): FakeMistral = apply { chat.requireApiKey(key) }

    override fun toString(): String = "FakeMistral($baseUrl)"

    public companion object {
        /**
         * Starts a server of its own, for tests that need two of them; [io.kompletion.testkit.FakeProviders] has one.
         */
        @JvmStatic
        public fun start(): FakeMistral = FakeMistral(FakeChatServer(MistralProtocol))
    }
}
