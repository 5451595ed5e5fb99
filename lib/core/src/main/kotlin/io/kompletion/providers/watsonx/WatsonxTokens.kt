package io.kompletion.providers.watsonx

import io.kompletion.Secret
import io.kompletion.internal.credential.CachedTokens
import io.kompletion.internal.credential.RecentlyUsed
import io.kompletion.internal.credential.TokenEndpoint
import io.kompletion.provider.Authorization
import io.kompletion.provider.TokenSource
import java.time.Instant

/**
 * The tokens of one client, by API key, see [RecentlyUsed]. Thread-safe.
 *
 * @see <a href="https://cloud.ibm.com/apidocs/iam-identity-token-api#gettoken-apikey">IBM: a token for an API key</a>
 */
internal class WatsonxTokens(private val now: () -> Instant) {
    private val keys = RecentlyUsed<TokenSource>()

    /** @param url of the token endpoint, which gets the key */
    fun of(key: Secret, url: String): TokenSource = keys.of(key.reveal(), url) { hash ->
        CachedTokens(now, Authorization(STAND), Secret(hash)) { transport, timeout ->
            val grant = mapOf("grant_type" to GRANT, "apikey" to key.reveal())
            TokenEndpoint("IBM's token endpoint", transport, timeout).fetch(url, grant, now())
        }
    }

    private companion object {
        const val GRANT = "urn:ibm:params:oauth:grant-type:apikey"

        /** In place of a token that is not there yet. */
        val STAND = Secret("to-be-fetched")
    }
}
