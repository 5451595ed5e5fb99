package io.kompletion.testkit.bedrock

import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeResponder
import io.kompletion.testkit.internal.FakeChatServer

/**
 * A loopback server that speaks Amazon Bedrock's Converse: `POST /model/<model>/converse`, and `/converse-stream` in
 * Amazon's binary frames. Its base URL is `http://127.0.0.1:<port>`.
 *
 * A request that the real service would refuse is refused: unknown paths (404), no credential or a wrong one (403), broken
 * JSON, roles out of turn, blank texts, calls without their results, calls without tools (400). A valid request gets the
 * next reply of the queue; when that is empty the [respond]er is asked; without one, the fake behaves like a small model,
 * as [io.kompletion.testkit.openai.FakeOpenAi] does. A reply's `x-request-id` header goes out under Amazon's name,
 * `x-amzn-requestid`. Thread-safe.
 */
public class FakeBedrock private constructor(
    private val chat: FakeChatServer,
    private val authorization: AwsAuthorization,
) : FakeChatProvider by chat {
    /** How many replies of the queue are left. */
    public val queuedReplies: Int get() = chat.queuedReplies

    /** Adds [replies] to the queue; each serves one request. */
    override fun enqueue(vararg replies: FakeReply): FakeBedrock = apply { chat.enqueue(*replies) }

    /** Answers with [responder] whenever the queue is empty. */
    override fun respond(responder: FakeResponder): FakeBedrock = apply { chat.respond(responder) }

    /** Accepts only this API key of those that travel as bearer from now on; any other gets status 403. */
    public fun requireApiKey(key: String): FakeBedrock = apply { chat.requireApiKey(key) }

    /**
     * Accepts of signed requests only those that are signed with these keys from now on; the signature is computed anew from
     * what came. Without it any signature will do.
     */
    public fun requireSignature(accessKeyId: String, secretAccessKey: String): FakeBedrock = apply {
        authorization.secretKeys = mapOf(accessKeyId to secretAccessKey)
    }

    override fun toString(): String = "FakeBedrock($baseUrl)"

    public companion object {
        /**
         * Starts a server of its own, for tests that need two of them; [io.kompletion.testkit.FakeProviders] has one.
         */
        @JvmStatic
        public fun start(): FakeBedrock {
            val authorization = AwsAuthorization()
            return FakeBedrock(FakeChatServer(ConverseProtocol(authorization)), authorization)
        }
    }
}
