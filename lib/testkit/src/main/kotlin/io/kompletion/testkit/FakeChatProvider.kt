package io.kompletion.testkit

import io.kompletion.testkit.server.LoopbackServer

/** A fake of one provider's chat endpoint, whatever its wire protocol; replies are written in terms of the conversation. */
public interface FakeChatProvider : AutoCloseable {
    /** What a client takes for the provider's base URL. */
    public val baseUrl: String

    /** The server beneath: every request, refused ones included, and the log of the connections. */
    public val server: LoopbackServer

    /**
     * How many events of a stream come before the first one with content, such as OpenAI's chunk with the role. With it
     * a test names events that mean the same on every wire: `holdAfter(fake.openingEvents, gate)` holds after the first
     * piece of text.
     */
    public val openingEvents: Int

    /** The valid requests so far, in the order they were answered. */
    public val requests: List<FakeRequest>

    /** The last valid request; an exception when there was none. */
    public val lastRequest: FakeRequest

    /** Adds [replies] to the queue; each serves one request. */
    public fun enqueue(vararg replies: FakeReply): FakeChatProvider

    /** Answers with [responder] whenever the queue is empty. */
    public fun respond(responder: FakeResponder): FakeChatProvider
}
