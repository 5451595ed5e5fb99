package io.kompletion.testkit

import io.kompletion.testkit.server.LoopbackServer

/** A fake of one provider's chat endpoint, whatever its wire protocol; replies are written in terms of the conversation. */
public interface FakeChatProvider : AutoCloseable {
    /** What a client takes for the provider's base URL. */
    public val baseUrl: String

    /** The server beneath: every request, refused ones included, and the log of the connections. */
    public val server: LoopbackServer

    /** The valid requests so far, in the order they were answered. */
    public val requests: List<FakeRequest>

    /** The last valid request; an exception when there was none. */
    public val lastRequest: FakeRequest

    /** Adds [replies] to the queue; each serves one request. */
    public fun enqueue(vararg replies: FakeReply): FakeChatProvider

    /** Answers with [responder] whenever the queue is empty. */
    public fun respond(responder: FakeResponder): FakeChatProvider
}
