package io.kompletion.provider

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.Warning
import io.kompletion.transport.WireHeaders

/**
 * One place to send a request to, with everything found that is needed for it.
 *
 * @property model the name as the provider knows it, without a provider prefix
 * @property credential the key; null where none is needed
 * @property settings provider-specific settings such as OpenAI's organization
 * @property headers headers configured for the provider
 * @property request the request as it applies to this target, fallback overrides included
 */
internal class Target(
    val provider: Provider,
    val model: String,
    val baseUrl: String,
    val credential: Secret?,
    val auth: Auth,
    val request: ChatCompletionRequest,
    val settings: Map<String, String> = emptyMap(),
    val headers: WireHeaders = WireHeaders.EMPTY,
    val warnings: List<Warning> = emptyList(),
) {
    val providerId: String get() = provider.id.value

    override fun toString(): String = "$providerId/$model"
}
