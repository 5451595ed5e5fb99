package io.kompletion.testkit.ollama

import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeResponder
import io.kompletion.testkit.internal.FakeChatServer

/**
 * A loopback server that speaks Ollama's chat, `POST /api/chat`, streamed and whole. Its base URL is
 * `http://127.0.0.1:<port>`.
 *
 * A request that the real server would refuse is refused: unknown paths (404), broken JSON, no model, content that
 * is no text, images by their address, arguments of calls that are no objects (400). No key is needed until one is
 * required. A valid request gets the next reply of the queue; when that is empty the [respond]er is asked; without one,
 * the fake behaves like a small model, as [io.kompletion.testkit.openai.FakeOpenAi] does. Thread-safe.
 */
public class FakeOllama private constructor(private val chat: FakeChatServer) : FakeChatProvider by chat {
    /** How many replies of the queue are left. */
    public val queuedReplies: Int get() = chat.queuedReplies

    /** Adds [replies] to the queue; each serves one request. */
    override fun enqueue(vararg replies: FakeReply): FakeOllama = apply { chat.enqueue(*replies) }

    /** Answers with [responder] whenever the queue is empty. */
    override fun respond(responder: FakeResponder): FakeOllama = apply { chat.respond(responder) }

    /** Accepts only this key from now on; any other gets status 401. */
    public fun requireApiKey(key: String): FakeOllama = apply { chat.requireApiKey(key) }

    override fun toString(): String = "FakeOllama($baseUrl)"

    public companion object {
        /**
         * Starts a server of its own, for tests that need two of them; [io.kompletion.testkit.FakeProviders] has one.
         */
        @JvmStatic
        public fun start(): FakeOllama = FakeOllama(FakeChatServer(OllamaProtocol))
    }
}
