package io.kompletion.testkit

/**
 * Answers the requests of a fake provider, as a model would: look at the conversation, choose the reply. Called on the
 * thread of the connection, so by several threads at once.
 */
public fun interface FakeResponder {
    /** The reply to [request]. An exception becomes status 500 and stands in the failures of the fake's server. */
    @Throws(Exception::class)
    public fun reply(request: FakeRequest): FakeReply
}
