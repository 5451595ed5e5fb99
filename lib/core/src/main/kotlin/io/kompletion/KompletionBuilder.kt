package io.kompletion

import io.kompletion.chat.ChatDsl
import io.kompletion.chat.RetryConfiguration
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.internal.call.CallTime
import io.kompletion.internal.media.MediaNetwork
import io.kompletion.internal.route.Environment
import io.kompletion.listen.CallListener
import io.kompletion.policy.MediaFetcher
import io.kompletion.policy.Timeouts
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.ProxySettings
import java.util.function.Consumer
import kotlin.random.Random

/**
 * Collects the settings of a [Kompletion]: in Kotlin as a DSL, in Java with methods. Not thread-safe; each [build] makes a
 * client of its own.
 */
@ChatDsl
public class KompletionBuilder internal constructor() {
    private val providers = LinkedHashMap<String, ProviderConfig>()
    private val listeners = ArrayList<CallListener>()
    private var retry = RetryConfiguration.DEFAULT
    private var timeouts = Timeouts.DEFAULT
    private var transport: HttpTransport? = null
    private var proxy: ProxySettings? = null
    private var environment = Environment.SYSTEM
    private var time = CallTime.SYSTEM
    private var random: Random = Random.Default
    private var mediaFetcher: MediaFetcher? = null
    private var mediaNetwork = MediaNetwork()

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

    /** How often and how patiently failed tries are repeated; a request may say otherwise. Three times unless set. */
    @JvmSynthetic
    public fun retry(configure: RetryConfiguration.Builder.() -> Unit): KompletionBuilder =
        retry(retry.toBuilder().apply(configure).build())

    /** The same as a value. */
    public fun retry(value: RetryConfiguration): KompletionBuilder = apply { retry = value }

    /** The four clocks. */
    @JvmSynthetic
    public fun timeouts(configure: Timeouts.Builder.() -> Unit): KompletionBuilder =
        timeouts(timeouts.toBuilder().apply(configure).build())

    /** The same as a value. */
    public fun timeouts(value: Timeouts): KompletionBuilder = apply { timeouts = value }

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
        val copy = variables.toMap()
        environment = Environment { name -> copy[name]?.takeIf { it.isNotBlank() } }
    }

    internal fun time(value: CallTime): KompletionBuilder = apply { time = value }

    internal fun random(value: Random): KompletionBuilder = apply { random = value }

    internal fun mediaNetwork(value: MediaNetwork): KompletionBuilder = apply { mediaNetwork = value }

    /** @throws io.kompletion.error.ConfigurationException when the settings cannot work */
    public fun build(): Kompletion = Kompletion(
        ClientSettings(
            providers = providers.values.map { it.toSettings() },
            listeners = listeners.toList(),
            retry = retry,
            timeouts = timeouts,
            transport = transport,
            proxy = proxy,
            environment = environment,
            time = time,
            random = random,
            mediaFetcher = mediaFetcher?.also { checkDirect() },
            mediaNetwork = mediaNetwork,
        ),
    )

    /** A proxy would resolve the names of addresses by itself, past the rules of the fetcher. */
    private fun checkDirect() {
        if (proxy == null) return
        throw ConfigurationException(
            "the media fetcher connects directly and cannot use the proxy: leave out one of the two",
            ErrorDetails.builder().param("media_fetcher").build(),
        )
    }
}
