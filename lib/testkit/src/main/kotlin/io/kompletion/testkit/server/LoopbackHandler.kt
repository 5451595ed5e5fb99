package io.kompletion.testkit.server

/**
 * Decides what a [LoopbackServer] answers. Called on the thread of the connection, so by several threads at once; that
 * thread is interrupted when the client closes or the server is closed.
 */
public fun interface LoopbackHandler {
    /** The reply to [request]. An exception becomes status 500 and stands in [LoopbackServer.failures]. */
    @Throws(Exception::class)
    public fun handle(request: LoopbackRequest): LoopbackReply
}
