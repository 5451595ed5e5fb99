package io.kompletion.internal.route

import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.provider.Provider
import io.kompletion.provider.TokenSource
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull

/**
 * What one target may be asked with: a key, credentials among the options, or tokens that are fetched. What the request
 * gives outranks what the client gives, of whatever kind it is, and that outranks the environment.
 *
 * @property options the credentials among the options
 */
internal class Credentials private constructor(
    val key: Secret? = null,
    val options: Map<String, JsonElement> = emptyMap(),
    val tokens: TokenSource? = null,
) {
    private val isEmpty: Boolean get() = key == null && options.isEmpty() && tokens == null

    companion object {
        val NONE = Credentials()

        /** What was given for [provider]; [asked] are the options that the request has for it. */
        fun of(
            provider: Provider,
            request: ChatCompletionRequest,
            asked: Map<String, JsonElement>,
            own: ProviderSettings?,
            environment: Environment,
        ): Credentials {
            val id = provider.id.value
            val variables = own?.keyEnv.orEmpty().ifEmpty { provider.keyEnv }
            val told = sequenceOf(
                { Credentials(request.apiKey.given(), provider.credentialsIn(asked)).unambiguous(id, "the request") },
                {
                    Credentials(own?.apiKey.given(), provider.credentialsIn(own?.options.orEmpty()), own?.tokens)
                        .unambiguous(id, "the client")
                },
                { Credentials(variables.firstNotNullOfOrNull { environment[it] }?.let(::Secret)) },
            )
            val chosen = told.map { it() }.firstOrNull { !it.isEmpty } ?: NONE
            chosen.key?.checkUsable(id)
            if (chosen.isEmpty && provider.needsKey) throw missing(provider, variables)
            return chosen
        }

        private fun Secret?.given() = this?.takeUnless { it.isEmpty }

        private fun Provider.credentialsIn(options: Map<String, JsonElement>) =
            options.filter { (name, value) -> name in credentialNames && value !is JsonNull }

        /** Two ways in one place contradict each other. */
        private fun Credentials.unambiguous(provider: String, place: String): Credentials = also {
            val ways = listOfNotNull(
                "apiKey".takeIf { key != null },
                options.keys.joinToString().ifEmpty { null },
                "accessToken".takeIf { tokens != null },
            )
            if (ways.size > 1) {
                throw ConfigurationException(
                    "$place gives $provider ${ways.joinToString(" and ")}; leave all but one out",
                    ErrorDetails.builder().provider(provider).param(ways.last()).build(),
                )
            }
        }

        private fun missing(provider: Provider, env: List<String>): ConfigurationException {
            val id = provider.id.value
            val ways = listOfNotNull(env.firstOrNull()?.let { "set $it" }, "pass apiKey").joinToString(" or ")
            val checked = if (env.size > 1) " (looked for ${env.joinToString()})" else ""
            return ConfigurationException(
                "No API key for $id: $ways$checked",
                ErrorDetails.builder().provider(id).param("api_key").build(),
            )
        }
    }
}
