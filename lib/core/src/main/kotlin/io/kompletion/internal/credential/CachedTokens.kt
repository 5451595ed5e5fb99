package io.kompletion.internal.credential

import io.kompletion.Secret
import io.kompletion.provider.Authorization
import io.kompletion.provider.TokenSource
import io.kompletion.transport.HttpTransport
import java.time.Duration
import java.time.Instant

/** Gets a token; called by one caller at a time. */
internal fun interface TokenFetch {
    suspend fun fetch(transport: HttpTransport, connectTimeout: Duration): FetchedToken
}

/**
 * Keeps one token, which one caller fetches for all, see [SharedCredential].
 *
 * [stand] stands for a token while there is none, where what comes to light with a token is known before.
 *
 * @property identity see [TokenSource.identity]
 */
internal class CachedTokens(
    now: () -> Instant,
    private val stand: Authorization? = null,
    override val identity: Secret? = null,
    source: TokenFetch,
) : TokenSource {
    private val shared = SharedCredential("access token", now) { transport, connectTimeout ->
        val token = source.fetch(transport, connectTimeout)
        Fetched(Authorization(token.token, token.settings), token.life)
    }

    override suspend fun token(transport: HttpTransport, connectTimeout: Duration): Authorization =
        shared.get(transport, connectTimeout)

    override fun rehearsal(): Authorization? = stand.takeIf { shared.isEmpty }

    override fun refused(token: Secret): Boolean {
        shared.forget { it.credential == token }
        return true
    }
}
