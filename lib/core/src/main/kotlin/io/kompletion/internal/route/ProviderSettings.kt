package io.kompletion.internal.route

import io.kompletion.Secret
import io.kompletion.provider.Auth
import io.kompletion.provider.OwnServer
import io.kompletion.provider.ProviderId
import io.kompletion.provider.TokenSource
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonElement

/** What one client was told about one provider; null means as built in. [keyEnv] replaces the built-in names. */
internal class ProviderSettings(
    val id: String,
    val apiKey: Secret? = null,
    val baseUrl: String? = null,
    val auth: Auth? = null,
    val allowInsecure: Boolean = false,
    val modelPrefixes: List<String> = emptyList(),
    val headers: WireHeaders = WireHeaders.EMPTY,
    val settings: Map<String, String> = emptyMap(),
    val options: Map<String, JsonElement> = emptyMap(),
    val tokens: TokenSource? = null,
    val optionOwners: Set<String> = emptySet(),
    val keyEnv: List<String> = emptyList(),
    val server: OwnServer = OwnServer(ProviderId.of(id), auth),
)
