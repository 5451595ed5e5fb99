package io.kompletion.providers.vertex

import io.kompletion.Secret
import io.kompletion.internal.credential.FetchedToken
import io.kompletion.internal.credential.TokenEndpoint
import io.kompletion.transport.HttpTransport
import java.security.PrivateKey
import java.time.Duration
import java.time.Instant

/**
 * What Google gives tokens for.
 *
 * @property tokenUri where it gives them, see [TokenPlace]
 * @property settings what the credentials say about the place of calls
 * @see <a href="https://developers.google.com/identity/protocols/oauth2">Google: OAuth 2.0</a>
 */
internal sealed class GoogleCredentials(val tokenUri: String, val settings: Map<String, String>) {
    /** The form that asks for a token. */
    abstract fun grant(now: Instant): Map<String, String>

    /** A token that is asked for at Google. */
    suspend fun token(transport: HttpTransport, connectTimeout: Duration, now: Instant): FetchedToken =
        TokenEndpoint("Google's token endpoint", transport, connectTimeout).fetch(tokenUri, grant(now), now, settings)
}

/** A key file of a service account: its private key signs for the token. */
internal class ServiceAccount(
    private val email: String,
    private val key: PrivateKey,
    private val keyId: String?,
    tokenUri: String,
    settings: Map<String, String>,
) : GoogleCredentials(tokenUri, settings) {
    override fun grant(now: Instant): Map<String, String> = mapOf(
        "grant_type" to "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion" to SignedAssertion(email, tokenUri, SCOPE).sign(key, keyId, now),
    )

    companion object {
        const val SCOPE = "https://www.googleapis.com/auth/cloud-platform"
    }
}

/** What `gcloud auth application-default login` leaves behind: a user's refresh token. */
internal class AuthorizedUser(
    private val clientId: String,
    private val clientSecret: Secret,
    private val refreshToken: Secret,
    tokenUri: String,
    settings: Map<String, String>,
) : GoogleCredentials(tokenUri, settings) {
    override fun grant(now: Instant): Map<String, String> = mapOf(
        "grant_type" to "refresh_token",
        "client_id" to clientId,
        "client_secret" to clientSecret.reveal(),
        "refresh_token" to refreshToken.reveal(),
    )
}
