package io.kompletion.providers.azure

import io.kompletion.Secret
import io.kompletion.internal.credential.CachedTokens
import io.kompletion.internal.credential.RecentlyUsed
import io.kompletion.internal.credential.TokenEndpoint
import io.kompletion.provider.Authorization
import io.kompletion.provider.TokenSource
import java.time.Instant

/**
 * An application of Microsoft Entra that signs in by a secret.
 *
 * @property authority where it signs in, without a slash at the end
 */
internal class AzureApplication(
    val tenant: String,
    val client: String,
    val secret: Secret,
    val scope: String,
    val authority: String,
)

/** The tokens of one client, by application, see [RecentlyUsed]. Thread-safe. */
internal class AzureTokens(private val now: () -> Instant) {
    private val applications = RecentlyUsed<TokenSource>()

    fun of(application: AzureApplication): TokenSource = application.run {
        applications.of(authority, tenant, client, secret.reveal(), scope) { hash ->
            CachedTokens(now, Authorization(STAND), Secret(hash)) { transport, timeout ->
                TokenEndpoint("Microsoft's token endpoint", transport, timeout)
                    .fetch("$authority/$tenant/oauth2/v2.0/token", grant(this), now())
            }
        }
    }

    private fun grant(application: AzureApplication) = mapOf(
        "grant_type" to "client_credentials",
        "client_id" to application.client,
        "client_secret" to application.secret.reveal(),
        "scope" to application.scope,
    )

    private companion object {
        /** In place of a token that is not there yet. */
        val STAND = Secret("to-be-fetched")
    }
}
