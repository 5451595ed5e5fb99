package io.kompletion.provider

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.FallbackOn
import io.kompletion.chat.Warning
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonElement

/**
 * One place to send a request to, with everything found that is needed for it.
 *
 * @property model the name as the provider knows it, without a provider prefix
 * @property credential the key; null where none is needed, or where [tokens] give one for each try
 * @property options the options of this provider that belong into the body, the client's below the request's
 * @property settings provider-specific settings such as OpenAI's organization
 * @property headers headers configured for the provider
 * @property signer signs what goes out; null where the credential travels by itself
 * @property fallbackOn the failures after which it is asked, when it is not the first
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
    val options: Map<String, JsonElement> = emptyMap(),
    val tokens: TokenSource? = null,
    val signer: RequestSigner? = null,
    val fallbackOn: Set<FallbackOn> = setOf(FallbackOn.ERROR),
) {
    val providerId: String get() = provider.id.value

    /** Tells keys apart without showing them; `fetched` where credentials are, `none` where there are none. */
    val keyPrint: String get() = credential?.fingerprint ?: if (tokens != null) "fetched" else "none"

    /** This target with a fetched credential in place of [tokens]. */
    fun authorized(by: Authorization): Target = copy(
        baseUrl = by.baseUrl ?: baseUrl,
        credential = by.credential.takeIf { by.signer == null },
        settings = by.settings + settings,
        tokens = null,
        signer = by.signer,
    )

    /** This target with [other] in place of its request, and [notes] on what is different in it. */
    fun sending(other: ChatCompletionRequest, notes: List<Warning>): Target =
        copy(request = other, warnings = warnings + notes)

    /** This target, asked after [failures]. */
    fun asFallback(failures: Set<FallbackOn>): Target = copy(fallbackOn = failures)

    private fun copy(
        baseUrl: String = this.baseUrl,
        credential: Secret? = this.credential,
        request: ChatCompletionRequest = this.request,
        settings: Map<String, String> = this.settings,
        warnings: List<Warning> = this.warnings,
        tokens: TokenSource? = this.tokens,
        signer: RequestSigner? = this.signer,
        fallbackOn: Set<FallbackOn> = this.fallbackOn,
    ) = Target(
        provider,
        model,
        baseUrl,
        credential,
        auth,
        request,
        settings,
        headers,
        warnings,
        options,
        tokens,
        signer,
        fallbackOn,
    )

    override fun toString(): String = "$providerId/$model"
}
