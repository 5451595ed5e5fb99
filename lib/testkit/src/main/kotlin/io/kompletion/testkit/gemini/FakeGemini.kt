package io.kompletion.testkit.gemini

import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeResponder
import io.kompletion.testkit.internal.FakeChatServer

/**
 * A loopback server that speaks Google's `generateContent`, whole, and `streamGenerateContent`, as server-sent events
 * with `alt=sse` and as a JSON array without.
 *
 * [start] gives the Gemini API: base URL `http://127.0.0.1:<port>/v1beta`, paths `/models/<model>:<verb>`, the key in
 * `x-goog-api-key`. [startOnVertex] gives Vertex AI: base URL `http://127.0.0.1:<port>/v1`, paths
 * `/projects/<project>/locations/<location>/publishers/google/models/<model>:<verb>`, a bearer token, and calls without
 * ids, which Google has in `v1beta1` only.
 *
 * A request that the real server would refuse is refused: unknown paths (404), no key (403; on Vertex 401), a wrong key
 * (400), broken JSON, unknown fields, contents without parts, results that do not answer the calls before them or are no
 * object, calls of Gemini 3 that lost their thought signature, two schemas, a thinking budget beside a level, keywords
 * that Google's schemas do not have (400). A key in the query, which the real server takes, is refused too: it would
 * stand in every log. A valid request gets the next reply of the queue; when that is empty the [respond]er is asked;
 * without one, the fake behaves like a small model, as [io.kompletion.testkit.openai.FakeOpenAi] does.
 *
 * A reply's `retry-after` goes out as Google's `RetryInfo` when the answer is an error. Errors inside a stream come as
 * Google sends them: bare JSON over several lines, without `data:`. Models that think put a signature on the first call;
 * Gemini 3 also ends its texts with one. Thread-safe.
 */
public class FakeGemini private constructor(private val chat: FakeChatServer) : FakeChatProvider by chat {
    /** How many replies of the queue are left. */
    public val queuedReplies: Int get() = chat.queuedReplies

    /** Adds [replies] to the queue; each serves one request. */
    override fun enqueue(vararg replies: FakeReply): FakeGemini = apply { chat.enqueue(*replies) }

    /** Answers with [responder] whenever the queue is empty. */
    override fun respond(responder: FakeResponder): FakeGemini = apply { chat.respond(responder) }

    /** Answers with [reply] whenever the queue is empty. */
    public fun respondWith(reply: FakeReply): FakeGemini = respond { reply }

    /** Accepts only this key from now on, on Vertex only this token; any other is refused as Google does it. */
    public fun requireApiKey(key: String): FakeGemini = apply { chat.requireApiKey(key) }

    override fun toString(): String = "FakeGemini($baseUrl)"

    public companion object {
        /**
         * Starts a server of the Gemini API of its own, for tests that need two of them;
         * [io.kompletion.testkit.FakeProviders] has one.
         */
        @JvmStatic
        public fun start(): FakeGemini = FakeGemini(FakeChatServer(GeminiProtocol(GeminiApi.DEVELOPER)))

        /** Starts a server of Vertex AI; [io.kompletion.testkit.FakeProviders] has one. */
        @JvmStatic
        public fun startOnVertex(): FakeGemini = FakeGemini(FakeChatServer(GeminiProtocol(GeminiApi.VERTEX)))
    }
}
