package io.kompletion.internal.route

import io.kompletion.Secret
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ConfigurationException
import io.kompletion.error.KompletionException
import io.kompletion.provider.Authorization
import io.kompletion.provider.TokenSource
import io.kompletion.transport.HttpTransport
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runInterruptible
import java.time.Duration
import java.util.function.Supplier

/** Tokens that the caller's own code fetches: asked before each try, off the caller's thread, and kept by nobody here. */
internal class SuppliedTokens(private val provider: String, private val supplier: Supplier<Secret>) : TokenSource {
    override suspend fun token(transport: HttpTransport, connectTimeout: Duration): Authorization {
        val token = runInterruptible(Dispatchers.IO) { supplied() }
        if (token == null || token.isEmpty) {
            throw ConfigurationException("the supplier of access tokens for $provider gave none")
        }
        return Authorization(token)
    }

    /** A `CancellationException` of the supplier's own is no cancellation of the call. */
    private fun supplied(): Secret? = try {
        supplier.get()
    } catch (e: KompletionException) {
        throw e
    } catch (e: RuntimeException) {
        throw AuthenticationException(
            "the supplier of access tokens for $provider failed: ${e.javaClass.simpleName}",
            cause = e,
        )
    }

    override fun refused(token: Secret): Boolean = true
}
