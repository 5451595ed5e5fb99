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
    fun authorized(by: Authorization): Target = Target(
        provider = provider,
        model = model,
        baseUrl = by.baseUrl ?: baseUrl,
        credential = by.credential.takeIf { by.signer == null },
        auth = auth,
        request = request,
        settings = by.settings + settings,
        headers = headers,
        warnings = warnings,
        options = options,
        signer = by.signer,
    )

    /** This target with [other] in place of its request, and [notes] on what is different in it. */
    fun sending(other: ChatCompletionRequest, notes: List<Warning>): Target = Target(
        provider = provider,
        model = model,
        baseUrl = baseUrl,
        credential = credential,
        auth = auth,
        request = other,
        settings = settings,
        headers = headers,
        warnings = warnings + notes,
        options = options,
        tokens = tokens,
        fallbackOn = fallbackOn,
    )

    /** This target, asked after [failures]. */
    fun asFallback(failures: Set<FallbackOn>): Target = Target(
        provider = provider,
        model = model,
        baseUrl = baseUrl,
        credential = credential,
        auth = auth,
        request = request,
        settings = settings,
        headers = headers,
        warnings = warnings,
        options = options,
        tokens = tokens,
        signer = signer,
        fallbackOn = failures,
    )

    override fun toString(): String = "$providerId/$model"
}
