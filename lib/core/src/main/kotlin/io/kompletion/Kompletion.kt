package io.kompletion

import io.kompletion.catalog.ModelCapabilities
import io.kompletion.catalog.ModelInfo
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.StreamOptions
import io.kompletion.chat.TokenCount
import io.kompletion.internal.call.CallEnvironment
import io.kompletion.internal.call.CallPolicies
import io.kompletion.internal.call.CatalogLoader
import io.kompletion.internal.call.ChatPipeline
import io.kompletion.internal.call.ClientLife
import io.kompletion.internal.call.CountingCodec
import io.kompletion.internal.call.ModelQuestions
import io.kompletion.internal.call.TokenCounts
import io.kompletion.internal.media.MediaFetches
import io.kompletion.internal.price.Catalog
import io.kompletion.internal.price.CostMeter
import io.kompletion.internal.route.RouteTable
import io.kompletion.internal.transport.DefaultTransport
import io.kompletion.policy.DeploymentStats
import io.kompletion.provider.ChatCodec
import io.kompletion.provider.Target
import io.kompletion.providers.BuiltinProviders
import io.kompletion.providers.RegisteredProvider
import io.kompletion.providers.compatible.CompatibleProviders
import io.kompletion.transport.ktor.KtorTransportFactory
import kotlinx.coroutines.flow.Flow
import java.io.IOException
import java.io.InputStream
import java.nio.file.Files
import java.nio.file.Path
import java.util.function.Consumer

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
    private val routes = RouteTable.of(
        settings = settings.providers,
        aliases = settings.aliases,
        builtIn = BuiltinProviders.all(),
        custom = RegisteredProvider::of,
        described = CompatibleProviders::all,
        environment = settings.environment,
    )
    private val catalog = Catalog(settings.models.models, routes::canonical)
    private val models = ModelQuestions(routes, catalog)
    private val loader = CatalogLoader(
        catalog,
        transport::get,
        settings.timeouts,
        life,
        settings.time,
        settings.models.allowInsecure,
    )
    private val media = settings.mediaFetcher?.let { MediaFetches(it, settings.mediaNetwork) }
    private val policies = ClientPolicies(settings, catalog)
    private val chat = ChatPipeline(routes::plan, settings.listeners, environment(settings, policies.forCalls))
    private val counting = ChatPipeline(
        plan = { listOf(routes.first(it)) },
        // Counting is no call of a model: nothing is used, and nothing costs.
        listeners = emptyList(),
        environment = environment(settings, CallPolicies.NONE, costs = null, CountingCodec::of),
    )
    private val counts = TokenCounts(routes::destination, counting, life, settings.tokenizer)

    private fun environment(
        settings: ClientSettings,
        policies: CallPolicies,
        costs: CostMeter? = CostMeter(catalog),
        codec: (Target) -> ChatCodec = { it.provider.chat },
    ) = CallEnvironment(
        transport = transport::get,
        retry = settings.retry,
        timeouts = settings.timeouts,
        life = life,
        costs = costs,
        time = settings.time,
        random = settings.random,
        media = media,
        dropParams = settings.dropParams,
        policies = policies,
        codec = codec,
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
     * How many tokens the model of [request] would read, before it is sent: by the endpoint of the provider that counts
     * them (Anthropic, Gemini, both on Vertex AI and on Bedrock), else by the client's [io.kompletion.catalog.Tokenizer],
     * as an estimate, for which no key is needed. The endpoints ask for a key, are free of charge as far as is known, and have rate limits of their
     * own; retries and time limits are those of [chat]. Fallbacks are not looked at: another model counts otherwise.
     *
     * @throws io.kompletion.error.UnsupportedParameterException when the provider has no such endpoint and no tokenizer
     *   knows the model
     * @throws io.kompletion.error.KompletionException when the provider did not answer
     */
    public suspend fun countTokens(request: ChatCompletionRequest): TokenCount = counts.count(request)

    /** The same with a request made here; [model] is `provider/model`. */
    @JvmSynthetic
    public suspend fun countTokens(model: String, build: ChatCompletionRequestBuilder.() -> Unit): TokenCount =
        countTokens(ChatCompletionRequest(model, build))

    /**
     * Sets up the provider [name] anew: a server of one's own, or a built-in one under other settings. Settings that it
     * had are replaced. Calls that have begun are not touched. Safe for any thread; no I/O.
     *
     * @throws io.kompletion.error.ConfigurationException when the settings cannot work; those before stay then
     */
    @JvmSynthetic
    public fun registerProvider(name: String, configure: ProviderConfig.() -> Unit): Unit =
        routes.register(ProviderConfig(name).apply(configure).toSettings())

    /** The same for Java. */
    public fun registerProvider(name: String, configure: Consumer<ProviderConfig>): Unit =
        registerProvider(name) { configure.accept(this) }

    /**
     * Forgets the settings of the provider [name]: a server of one's own is unknown from then on, a built-in provider is
     * as it was built. Calls that have begun are not touched.
     *
     * @return whether there were settings
     */
    public fun removeProvider(name: String): Boolean = routes.remove(name)

    /**
     * What is known of [model], which is named as in a call: `provider/model`, or a bare name. A model that is not listed
     * has the limits and capabilities of its family and no price; null when not even that is known. Neither a call nor
     * its answer depends on it.
     *
     * The first question about a provider reads its part of the table, a few milliseconds; no I/O but that.
     */
    public fun modelInfo(model: String): ModelInfo? = models.info(model)

    /** What [model] can do as far as that is known; all false for a stranger. */
    public fun capabilities(model: String): ModelCapabilities = models.capabilities(model)

    /**
     * Reads models from [source] in the form of docs/costs.md, up to 16 MiB, in the place of all that were loaded before;
     * the models of the builder still outrank them. The answers of calls that end from now on are priced with them. A
     * source that is wrong changes nothing. Waits for the source; closing it is the caller's.
     *
     * @return how many models there are
     * @throws io.kompletion.error.ConfigurationException when something in it is wrong, with the place
     * @throws java.io.IOException when it cannot be read
     */
    @Throws(IOException::class)
    public fun loadModels(source: InputStream): Int = loader.load(source, "the source")

    /** The same from a file. */
    @Throws(IOException::class)
    public fun loadModels(file: Path): Int = Files.newInputStream(file).use { loader.load(it, file.toString()) }

    /**
     * The same from an address, over the client's own transport and under its time limits. No key goes there, and no
     * redirect is followed. The address must be https unless `modelCatalog { allowInsecure = true }`.
     *
     * Call it when you like, never needed by a call; a failure leaves the models as they were.
     *
     * @throws io.kompletion.error.KompletionException when it could not be fetched, or something in it is wrong
     * @throws IllegalStateException when the client is closed
     */
    public suspend fun refreshModels(url: String): Int = loader.fetch(url)

    /**
     * How the deployments of each router do, by the name of the router; in the order in which they were given, and empty
     * before its first call.
     */
    public suspend fun stats(): Map<String, List<DeploymentStats>> = policies.stats()

    /** Forgets every answer of the response cache, also what other clients keep in the same place. Nothing without a cache. */
    public suspend fun clearCache(): Unit = policies.clearCache()

    /**
     * Ends the calls that still run with a `ConnectionException` of kind `CLIENT_CLOSED` and frees what the client holds.
     * Idempotent.
     */
    override fun close() {
        if (!life.close()) return
        policies.close()
        transport.close()
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
