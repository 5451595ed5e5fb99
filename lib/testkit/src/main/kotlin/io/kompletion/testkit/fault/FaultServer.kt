package io.kompletion.testkit.fault

import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.RetryConfiguration
import io.kompletion.policy.Timeouts
import io.kompletion.testkit.google.FakeGoogleTokens
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackRequest
import io.kompletion.testkit.server.LoopbackServer
import java.time.Duration
import java.util.function.Consumer
import javax.net.ssl.X509TrustManager

/**
 * A server on 127.0.0.1 that speaks a provider's protocol and goes wrong in exactly one way, over real sockets.
 *
 * ```kotlin
 * FaultServer.start(Fault.named("rst-mid-stream"), Recording.named("openai")).use { faults ->
 *     val llm = Kompletion { provider("openai") { apiKey("sk-any").baseUrl(faults.baseUrl) } }
 *     // what your code does when the connection breaks in the middle of an answer
 * }
 * ```
 *
 * [configure] and [request] make a client and a request that show the fault quickly; any others do as well. [close]
 * ends every thread and socket. Thread-safe.
 *
 * @property fault what goes wrong
 * @property recording the protocol whose good answer is damaged
 */
public class FaultServer private constructor(public val fault: Fault, public val recording: Recording) : AutoCloseable {
    private val plan = fault.planFor(recording)
    private val dead: DeadPort? = when (plan.site) {
        FaultPlan.Site.REFUSED -> DeadPort.refusing()
        FaultPlan.Site.FULL -> DeadPort.full()
        else -> null
    }
    private val deaf: DeafServer? = when (plan.site) {
        FaultPlan.Site.TLS_OLD -> DeafServer.oldTls()
        FaultPlan.Site.NO_TLS -> DeafServer.plain()
        else -> null
    }

    private val isLocal = plan.site != FaultPlan.Site.NO_SUCH_HOST
    private val credential = FaultCredential.named(recording.credential, isLocal)

    /** The place that a redirect points to; null where there is none. Nothing may ever arrive there. */
    public val otherHost: LoopbackServer? =
        if (plan.site == FaultPlan.Site.REDIRECTING) LoopbackServer.start(answered()) else null

    /** The server with its log of connections and requests; null where the fault is that there is none. */
    public val server: LoopbackServer? = if (plan.site in SERVERLESS) null else serve()

    /** What a client takes for the provider's base URL. */
    public val baseUrl: String = address() + recording.basePath

    /** The server that gives access tokens; null where the client does not fetch any. */
    public val tokens: FakeGoogleTokens? get() = credential.tokens

    /** What may stand in no exception and no request but where it belongs: keys, and tokens by their beginning. */
    public val secrets: List<String> get() = credential.secrets

    /**
     * Whether [request], which this server has logged, is signed by the keys of [configure] for what it sends. True where
     * requests are not signed, and where the fault leaves their bodies unread.
     */
    public fun admits(request: LoopbackRequest): Boolean = plan.answersBeforeBody || credential.admits(request)

    /** Trusts the authority that has signed the server's certificate; null where the server has none. */
    public val trust: X509TrustManager? get() = if (plan.site in CERTIFIED) FaultCertificates.trust else null

    /**
     * Sets [builder] so that the fault shows: the provider at [baseUrl] with [CANARY] for a key or in its tokens,
     * nothing from the environment, two repeats after a millisecond, and clocks of half a second where the fault is that
     * nothing comes.
     */
    public fun configure(builder: KompletionBuilder): KompletionBuilder = builder
        .environment(emptyMap())
        .provider(recording.provider, Consumer { credential.give(it.options(recording.options).baseUrl(baseUrl)) })
        .retry(RETRY)
        .timeouts(if (fault.call.isHasty) HASTY else PATIENT)

    /** A request that shows the fault when it is streamed, or not, as [FaultCall.streams] of the fault says. */
    public fun request(): ChatCompletionRequest = ChatCompletionRequest.builder()
        .model("${recording.provider}/${recording.model}")
        .user(QUESTION.padEnd(fault.call.textBytes, '.'))
        .apply { if (fault.call.hasTool) tool() }
        .build()

    override fun close() {
        server?.close()
        otherHost?.close()
        dead?.close()
        deaf?.close()
        credential.close()
    }

    override fun toString(): String = "FaultServer($fault, $recording, $baseUrl)"

    private fun ChatCompletionRequestBuilder.tool() {
        tool(recording.toolName, "Looks a term up", """{"type":"object","properties":{"term":{"type":"string"}}}""")
    }

    private fun answered(): LoopbackReply = WireAnswer.stream(recording).reply()

    private fun serve(): LoopbackServer {
        val builder = LoopbackServer.builder()
        if (plan.answersBeforeBody) builder.answerBeforeBody()
        if (plan.site in CERTIFIED) builder.sockets(FaultCertificates.sockets(plan.site))
        plan.handler?.let { return builder.start(it) }
        return builder.start(*plan.replies(otherHost?.url.orEmpty()).toTypedArray())
    }

    private fun address(): String = when (plan.site) {
        FaultPlan.Site.NO_SUCH_HOST -> "https://nope.invalid"
        FaultPlan.Site.TLS_OLD, FaultPlan.Site.NO_TLS -> "https://127.0.0.1:${checkNotNull(deaf).port}"
        else -> server?.url ?: "http://127.0.0.1:${checkNotNull(dead).port}"
    }

    public companion object {
        /**
         * The key that [configure] gives the client, or a part of every token that it fetches. It must turn up nowhere but
         * in the header that carries it.
         */
        public const val CANARY: String = "sk-canary-5b1d07c2e9f34a68"

        private const val QUESTION = "Say something."
        private val CERTIFIED = setOf(
            FaultPlan.Site.TLS,
            FaultPlan.Site.TLS_OTHER_HOST,
            FaultPlan.Site.TLS_EXPIRED,
            FaultPlan.Site.TLS_SELF_SIGNED,
        )
        private val SERVERLESS = setOf(
            FaultPlan.Site.REFUSED,
            FaultPlan.Site.FULL,
            FaultPlan.Site.NO_SUCH_HOST,
            FaultPlan.Site.TLS_OLD,
            FaultPlan.Site.NO_TLS,
        )
        private val RETRY: RetryConfiguration = RetryConfiguration.builder()
            .maxRetries(Fault.TRIES - 1)
            .retryDelay(Duration.ofMillis(1))
            .maxDelay(Duration.ofMillis(2))
            .maxRetryAfter(Duration.ofSeconds(5))
            .build()
        private val HASTY: Timeouts = clocks(connect = 300, first = 600, idle = 700, total = 5_000)
        private val PATIENT: Timeouts = clocks(connect = 10_000, first = 10_000, idle = 10_000, total = 20_000)

        private fun clocks(connect: Long, first: Long, idle: Long, total: Long): Timeouts = Timeouts.builder()
            .connect(Duration.ofMillis(connect))
            .firstChunk(Duration.ofMillis(first))
            .idle(Duration.ofMillis(idle))
            .total(Duration.ofMillis(total))
            .streamTotal(Duration.ofMillis(total))
            .build()

        /**
         * Starts a server with [fault] in the protocol of [recording].
         *
         * @throws IllegalArgumentException when the fault cannot occur in the protocol; see [Fault.notApplicable]
         */
        @JvmStatic
        public fun start(fault: Fault, recording: Recording): FaultServer = FaultServer(fault, recording)
    }
}
