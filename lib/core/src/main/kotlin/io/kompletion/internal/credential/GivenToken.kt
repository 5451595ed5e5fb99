package io.kompletion.internal.credential

import io.kompletion.Secret
import io.kompletion.provider.Authorization
import io.kompletion.provider.TokenSource
import io.kompletion.transport.HttpTransport
import java.time.Duration

/** A token that was found, and does not change. */
internal class GivenToken(private val token: Secret) : TokenSource {
    override val identity: Secret get() = token

    override suspend fun token(transport: HttpTransport, connectTimeout: Duration) = Authorization(token)

    override fun refused(token: Secret): Boolean = false
}
