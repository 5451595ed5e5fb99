package io.kompletion

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.StreamOptions
import io.kompletion.internal.call.ChatPipeline
import io.kompletion.internal.call.ClientLife
import io.kompletion.internal.media.MediaFetches
import io.kompletion.internal.route.RoutePlanner
import io.kompletion.internal.transport.DefaultTransport
import io.kompletion.providers.BuiltinProviders
import io.kompletion.providers.compatible.CompatibleProviders
import io.kompletion.transport.ktor.KtorTransportFactory
import kotlinx.coroutines.flow.Flow

/**
 * A client for every language-model provider.
 *
 * ```kotlin
 * val llm = Kompletion()
 * val answer = llm.chat("openai/gpt-5-mini") { user("Hello") }
 * println(answer.content)
 * ```
 *
 * Safe for any number of concurrent calls; make one and keep it. Making it does no I/O and reads no file. Every failure is a
 * [io.kompletion.error.KompletionException]; cancelling the caller's coroutine ends a call and closes its socket. Java code
 * uses `io.kompletion.java.KompletionClient` of `kompletion-java`.
 */
public class Kompletion internal constructor(settings: ClientSettings) : AutoCloseable {
    private val life = ClientLife()
    private val transport = DefaultTransport(settings.transport, settings.proxy, ::KtorTransportFactory)
    private val chat = ChatPipeline(
        planner = RoutePlanner(
            BuiltinProviders.all(),
            settings.providers,
            BuiltinProviders::custom,
            CompatibleProviders::all,
            settings.environment,
        ),
        transport = transport::get,
        retry = settings.retry,
        timeouts = settings.timeouts,
        listeners = settings.listeners,
        life = life,
        time = settings.time,
        random = settings.random,
        media = settings.mediaFetcher?.let { MediaFetches(it, settings.mediaNetwork) },
    )

    /**
     * Sends [request] and suspends until the whole answer is there.
     *
     * @throws io.kompletion.error.KompletionException when no target answered
     * @throws IllegalStateException when the client is closed
     */
    public suspend fun chat(request: ChatCompletionRequest): ChatCompletionResponse = chat.chat(request)

    /** The same with a request made here; [model] is `provider/model`. */
    @JvmSynthetic
    public suspend fun chat(model: String, build: ChatCompletionRequestBuilder.() -> Unit): ChatCompletionResponse =
        chat(ChatCompletionRequest(model, build))

    /**
     * The answer to [request] as it comes. Cold: each collection is a call of its own. The last chunk is always the
     * `FinalResponseChunk`; a stream that cannot end with one throws.
     *
     * The first chunk is handed over before the next one has left the server, and a slow collector holds the server back.
     * Ending the collection early, by `take`, an exception or cancellation, closes the socket.
     *
     * @throws io.kompletion.error.KompletionException (when collected) when no target answered, or the answer broke off
     */
    public fun chatStream(request: ChatCompletionRequest): Flow<ChatCompletionChunk> = chat.stream(request)

    /** The same with other [options] than the request's. */
    public fun chatStream(request: ChatCompletionRequest, options: StreamOptions): Flow<ChatCompletionChunk> =
        chat.stream(request.toBuilder().streamOptions(options).build())

    /** The same with a request made here; [model] is `provider/model`. */
    @JvmSynthetic
    public fun chatStream(model: String, build: ChatCompletionRequestBuilder.() -> Unit): Flow<ChatCompletionChunk> =
        chatStream(ChatCompletionRequest(model, build))

    /**
     * Ends the calls that still run with a `ConnectionException` of kind `CLIENT_CLOSED` and frees what the client holds.
     * Idempotent.
     */
    override fun close() {
        if (life.close()) transport.close()
    }

    public companion object {
        /** A client with the given settings; keys come from the environment unless they are set. */
        @JvmSynthetic
        public operator fun invoke(configure: KompletionBuilder.() -> Unit = {}): Kompletion =
            KompletionBuilder().apply(configure).build()

        @JvmStatic
        public fun builder(): KompletionBuilder = KompletionBuilder()
    }
}
