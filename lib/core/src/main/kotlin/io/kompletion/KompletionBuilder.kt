package io.kompletion

import io.kompletion.catalog.Tokenizer
import io.kompletion.chat.ChatDsl
import io.kompletion.chat.FallbackRequest
import io.kompletion.chat.RetryConfiguration
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.internal.call.CallTime
import io.kompletion.internal.config.ConfigurationFiles
import io.kompletion.internal.config.ConfigurationReader
import io.kompletion.internal.media.MediaNetwork
import io.kompletion.internal.route.Aliases
import io.kompletion.internal.route.Environment
import io.kompletion.listen.CallListener
import io.kompletion.policy.Budget
import io.kompletion.policy.Cache
import io.kompletion.policy.CallInterceptor
import io.kompletion.policy.ConcurrencyLimit
import io.kompletion.policy.Cooldown
import io.kompletion.policy.Hedge
import io.kompletion.policy.MediaFetcher
import io.kompletion.policy.RateLimit
import io.kompletion.policy.Router
import io.kompletion.policy.Timeouts
import io.kompletion.store.SharedState
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.ProxySettings
import java.nio.file.Path
import java.util.ServiceLoader
import java.util.function.Consumer
import kotlin.random.Random

/**
 * Collects the settings of a [Kompletion]: in Kotlin as a DSL, in Java with methods. Not thread-safe; each [build] makes a
 * client of its own.
 */
@ChatDsl
public class KompletionBuilder internal constructor() {
    private val providers = LinkedHashMap<String, ProviderConfig>()
    private val aliases = LinkedHashMap<String, List<FallbackRequest>>()
    private val listeners = ArrayList<CallListener>()
    private var retry = RetryConfiguration.DEFAULT
    private var dropParams = true
    private var tokenizer: Tokenizer? = null
    private var timeouts = Timeouts.DEFAULT
    private var transport: HttpTransport? = null
    private var proxy: ProxySettings? = null
    private var environment = Environment.SYSTEM
    private var readsEnvironment = false
    private val models = ModelCatalogConfig()
    private var time = CallTime.SYSTEM
    private var random: Random = Random.Default
    private var mediaFetcher: MediaFetcher? = null
    private var mediaNetwork = MediaNetwork()
    private val policies = PolicySettings()

    /** Settings for the provider [name]; a name that is not built in becomes a provider of this client. */
    @JvmSynthetic
    public fun provider(name: String, configure: ProviderConfig.() -> Unit): KompletionBuilder = apply {
        providers.getOrPut(name.trim().lowercase()) { ProviderConfig(name) }.configure()
    }

    /** The same for Java. */
    public fun provider(name: String, configure: Consumer<ProviderConfig>): KompletionBuilder =
        provider(name) { configure.accept(this) }

    /** A key for the provider [name]; it goes to no other. */
    public fun apiKey(name: String, key: String): KompletionBuilder = provider(name) { apiKey(key) }

    /**
     * Makes [name] mean [targets], in this order: the first is asked, the others are its fallbacks. A target is a model, or
     * another alias. An alias outranks every model of that name.
     */
    public fun alias(name: String, vararg targets: String): KompletionBuilder =
        alias(name, targets.map { FallbackRequest.of(it) })

    /**
     * The same with settings for each target, which apply where a request does not say otherwise. A key and a base URL are
     * that target's alone; a request that names an alias cannot bring them, because it does not know who gets them.
     */
    public fun alias(name: String, targets: List<FallbackRequest>): KompletionBuilder =
        apply { aliases[name.trim()] = targets.toList() }

    /**
     * Takes settings from the text of a JSON object, as if its parts were set here: `providers`, `aliases`, `retry`,
     * `drop_params`, `timeouts`, `proxy`, and all policies that need no code. `${NAME}` inside of a text is replaced by the environment variable, `${NAME:-other}` by `other`
     * when there is none; call [environment] before this. See `docs/configuration.md`.
     *
     * @throws io.kompletion.error.ConfigurationException for unknown names, wrong kinds and variables that are not set,
     *   with the place, and without the text around it
     */
    public fun configuration(json: String): KompletionBuilder = apply {
        readsEnvironment = true
        ConfigurationReader(this, environment::get).read(json)
    }

    /**
     * The same from a file, UTF-8, at most 4 MiB: JSON, or what another format on the class path reads by its file name,
     * e.g. YAML with `kompletion-yaml`. Reads the file at once.
     */
    public fun configurationFile(file: Path): KompletionBuilder = configuration(ConfigurationFiles.json(file))

    /** How often and how patiently failed tries are repeated; a request may say otherwise. Three times unless set. */
    @JvmSynthetic
    public fun retry(configure: RetryConfiguration.Builder.() -> Unit): KompletionBuilder =
        retry(retry.toBuilder().apply(configure).build())

    /** The same as a value. */
    public fun retry(value: RetryConfiguration): KompletionBuilder = apply { retry = value }

    /**
     * Whether parameters that a provider does not take are left out, with a warning on the answer; the default. False
     * refuses such a call with an [io.kompletion.error.UnsupportedParameterException] before anything is sent, and the
     * next fallback is tried. What messages carry (a name, a cache breakpoint, another provider's reasoning) is no
     * parameter and is left out either way. Requests may say otherwise.
     */
    public fun dropParams(value: Boolean): KompletionBuilder = apply { dropParams = value }

    /** The four clocks. */
    @JvmSynthetic
    public fun timeouts(configure: Timeouts.Builder.() -> Unit): KompletionBuilder =
        timeouts(timeouts.toBuilder().apply(configure).build())

    /** The same as a value. */
    public fun timeouts(value: Timeouts): KompletionBuilder = apply { timeouts = value }

    /**
     * Limits requests and tokens in windows of time. Called several times, all limits hold. Java: [rateLimit] with a value.
     */
    @JvmSynthetic
    public fun rateLimit(configure: RateLimit.Builder.() -> Unit): KompletionBuilder =
        rateLimit(RateLimit.builder().apply(configure).build())

    /** The same as a value. */
    public fun rateLimit(value: RateLimit): KompletionBuilder = apply { policies.rateLimits += value }

    /** Limits the tries that run at once. Called several times, all limits hold. */
    @JvmSynthetic
    public fun concurrencyLimit(configure: ConcurrencyLimit.Builder.() -> Unit): KompletionBuilder =
        concurrencyLimit(ConcurrencyLimit.builder().apply(configure).build())

    /** The same as a value. */
    public fun concurrencyLimit(value: ConcurrencyLimit): KompletionBuilder =
        apply { policies.concurrencyLimits += value }

    /** Lets targets rest that fail. Off unless this is called. */
    @JvmSynthetic
    public fun cooldown(configure: Cooldown.Builder.() -> Unit): KompletionBuilder =
        cooldown((policies.cooldown?.toBuilder() ?: Cooldown.builder()).apply(configure).build())

    /** The same as a value; null switches it off. */
    public fun cooldown(value: Cooldown?): KompletionBuilder = apply { policies.cooldown = value }

    /** Limits what is spent. Called several times, all budgets hold; each needs a name of its own. */
    @JvmSynthetic
    public fun budget(configure: Budget.Builder.() -> Unit): KompletionBuilder =
        budget(Budget.builder().apply(configure).build())

    /** The same as a value. */
    public fun budget(value: Budget): KompletionBuilder = apply { policies.budgets += value }

    /** Keeps answers and gives them to equal requests. Off unless this is called. */
    @JvmSynthetic
    public fun cache(configure: Cache.Builder.() -> Unit): KompletionBuilder =
        cache((policies.cache?.toBuilder() ?: Cache.builder()).apply(configure).build())

    /** The same as a value; null switches it off. */
    public fun cache(value: Cache?): KompletionBuilder = apply { policies.cache = value }

    /** Asks a second target when the first takes too long to begin. Off unless this is called. */
    @JvmSynthetic
    public fun hedge(configure: Hedge.Builder.() -> Unit): KompletionBuilder =
        hedge((policies.hedge?.toBuilder() ?: Hedge.builder()).apply(configure).build())

    /** The same as a value; null switches it off. */
    public fun hedge(value: Hedge?): KompletionBuilder = apply { policies.hedge = value }

    /** Puts several deployments behind the model name [name]. */
    @JvmSynthetic
    public fun router(name: String, configure: Router.Builder.() -> Unit): KompletionBuilder =
        router(Router.builder(name).apply(configure).build())

    /** The same as a value. */
    public fun router(value: Router): KompletionBuilder = apply { policies.routers[value.name.trim()] = value }

    /** Adds somebody who may change or refuse requests and answers; they work in the order in which they were added. */
    public fun interceptor(interceptor: CallInterceptor): KompletionBuilder =
        apply { policies.interceptors += interceptor }

    /**
     * Keeps the state of rate limits, cooldown, budgets and, with `CacheBackend.Shared`, of the cache where other clients
     * and processes share it, e.g. in Redis. In memory unless set. Closing it is the caller's.
     */
    public fun sharedState(state: SharedState?): KompletionBuilder = apply {
        policies.state = state?.let { { it } }
        policies.ownsState = false
    }

    /**
     * The same by its address, e.g. `redis://localhost:6379`, with `kompletion-redis` on the class path; [prefix] begins
     * every name that is written there. The client makes it and closes it.
     */
    @JvmOverloads
    public fun sharedState(uri: String, prefix: String = "kompletion"): KompletionBuilder = apply {
        policies.state = { PolicySettings.stateAt(uri, prefix) }
        policies.ownsState = true
    }

    /** Adds somebody who is told what happens to calls. */
    public fun listener(listener: CallListener): KompletionBuilder = apply { listeners += listener }

    /**
     * What sends the requests. Unless set, the transport with the highest priority on the class path: OkHttp's when
     * `kompletion-okhttp` is there, else Ktor's. The client closes a transport that it made itself, not one given here.
     */
    public fun transport(transport: HttpTransport): KompletionBuilder = apply { this.transport = transport }

    /** A proxy for the client's own transport; unless set, the JVM's proxy settings apply. */
    public fun proxy(proxy: ProxySettings): KompletionBuilder = apply { this.proxy = proxy }

    /**
     * Fetches media that requests name by address, and sends them as bytes, under the rules that [configure] sets. Off unless
     * this is called. The fetcher connects directly, so that it goes with no [proxy].
     */
    @JvmSynthetic
    public fun mediaFetcher(configure: MediaFetcher.Builder.() -> Unit): KompletionBuilder =
        mediaFetcher((mediaFetcher ?: MediaFetcher.DEFAULT).toBuilder().apply(configure).build())

    /** The same as a value; null switches it off. */
    public fun mediaFetcher(value: MediaFetcher?): KompletionBuilder = apply { mediaFetcher = value }

    /** Reads keys and base URLs from [variables] instead of the process environment; an empty map switches that off. */
    public fun environment(variables: Map<String, String>): KompletionBuilder = apply {
        if (readsEnvironment) {
            throw ConfigurationException(
                "environment(…) comes after configuration(…), which has read the environment; swap them",
            )
        }
        val copy = variables.toMap()
        environment = Environment { name -> copy[name]?.takeIf { it.isNotBlank() } }
    }

    /** Prices, limits and capabilities of models beside or above those that the library knows. */
    @JvmSynthetic
    public fun modelCatalog(configure: ModelCatalogConfig.() -> Unit): KompletionBuilder = apply { models.configure() }

    /** The same for Java. */
    public fun modelCatalog(configure: Consumer<ModelCatalogConfig>): KompletionBuilder =
        modelCatalog { configure.accept(this) }

    /**
     * Counts tokens for [Kompletion.countTokens] where a provider has no endpoint for that. Null, as at the beginning, takes
     * what `java.util.ServiceLoader` finds: that of `kompletion-tokenizer`, when it is on the class path.
     */
    public fun tokenizer(value: Tokenizer?): KompletionBuilder = apply { tokenizer = value }

    /** The clock of budgets, in milliseconds since 1970. */
    internal fun wallClock(value: () -> Long): KompletionBuilder = apply { policies.wallClock = value }

    internal fun time(value: CallTime): KompletionBuilder = apply { time = value }

    internal fun random(value: Random): KompletionBuilder = apply { random = value }

    internal fun mediaNetwork(value: MediaNetwork): KompletionBuilder = apply { mediaNetwork = value }

    /** @throws io.kompletion.error.ConfigurationException when the settings cannot work */
    public fun build(): Kompletion = Kompletion(settings())

    internal fun settings(): ClientSettings = ClientSettings(
        providers = providers.values.map { it.toSettings() },
        aliases = Aliases(aliases.toMap(), policies.routers.values),
        listeners = listeners.toList(),
        retry = retry,
        dropParams = dropParams,
        tokenizer = tokenizer?.let { given -> { given } } ?: FOUND_TOKENIZER,
        timeouts = timeouts,
        transport = transport,
        proxy = proxy,
        environment = environment,
        models = models.copy(),
        time = time,
        random = random,
        mediaFetcher = mediaFetcher?.also { checkDirect() },
        mediaNetwork = mediaNetwork,
        policies = policies.copy(),
    )

    /** A proxy would resolve the names of addresses by itself, past the rules of the fetcher. */
    private fun checkDirect() {
        if (proxy == null) return
        throw ConfigurationException(
            "the media fetcher connects directly and cannot use the proxy: leave out one of the two",
            ErrorDetails.builder().param("media_fetcher").build(),
        )
    }

    private companion object {
        val FOUND_TOKENIZER: () -> Tokenizer? = {
            ServiceLoader.load(Tokenizer::class.java, Tokenizer::class.java.classLoader).firstOrNull()
        }
    }
}
