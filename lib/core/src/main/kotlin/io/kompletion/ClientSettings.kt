package io.kompletion

import io.kompletion.catalog.Tokenizer
import io.kompletion.chat.RetryConfiguration
import io.kompletion.internal.call.CallTime
import io.kompletion.internal.media.MediaNetwork
import io.kompletion.internal.route.Aliases
import io.kompletion.internal.route.Environment
import io.kompletion.internal.route.ProviderSettings
import io.kompletion.listen.CallListener
import io.kompletion.policy.MediaFetcher
import io.kompletion.policy.Timeouts
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.ProxySettings
import kotlin.random.Random

/** Everything a client was told, immutable. */
internal class ClientSettings(
    val providers: List<ProviderSettings>,
    val aliases: Aliases,
    val listeners: List<CallListener>,
    val retry: RetryConfiguration,
    val dropParams: Boolean,
    val tokenizer: () -> Tokenizer?,
    val timeouts: Timeouts,
    val transport: HttpTransport?,
    val proxy: ProxySettings?,
    val environment: Environment,
    val models: ModelCatalogConfig,
    val time: CallTime,
    val random: Random,
    val mediaFetcher: MediaFetcher? = null,
    val mediaNetwork: MediaNetwork = MediaNetwork(),
    val policies: PolicySettings = PolicySettings(),
)
