package io.kompletion.providers.vertex

import io.kompletion.Secret
import io.kompletion.error.ConfigurationException
import io.kompletion.internal.credential.CachedTokens
import io.kompletion.internal.credential.RecentlyUsed
import io.kompletion.provider.Authorization
import io.kompletion.provider.TokenSource
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive
import java.io.File
import java.io.IOException
import java.time.Instant

/**
 * The tokens of one client, by credentials, see [RecentlyUsed]. Thread-safe.
 */
internal class GoogleTokens(private val now: () -> Instant = Instant::now) {
    /** Tokens for one set of credentials; [settings] are what the credentials say about the place of calls. */
    class Account(val tokens: TokenSource, val settings: Map<String, String>)

    private val accounts = RecentlyUsed<Account>()

    /**
     * Tokens for [credentials], an object or its text, called [where] in messages. Reads and checks them when they are new.
     *
     * @param trustsLoopback see [TokenPlace]
     */
    fun of(credentials: JsonElement, where: String, trustsLoopback: Boolean): Account {
        val text = if (credentials is JsonPrimitive) credentials.content else credentials.toString()
        return kept("given", text, trustsLoopback) { hash ->
            val read = CredentialsReader(where, trustsLoopback).read(credentials)
            Account(
                CachedTokens(now, Authorization(STAND, read.settings), Secret(hash)) { transport, timeout ->
                    read.token(transport, timeout, now())
                },
                read.settings,
            )
        }
    }

    /**
     * Tokens for the credentials in the file at [path], which the variable [variable] names. It is read when a token is
     * fetched, and again for the next one, so that it may be replaced.
     *
     * @param isProjectKnown whether nothing of the file is needed for the place of calls
     * @param check looks at what the file says about the place of calls, before anything is sent
     */
    fun ofFile(
        path: String,
        variable: String,
        trustsLoopback: Boolean,
        kind: String,
        isProjectKnown: Boolean,
        check: (Map<String, String>) -> Unit,
    ): TokenSource = kept("file $kind", path, trustsLoopback) {
        val reader = CredentialsReader(variable, trustsLoopback)
        val tokens = CachedTokens(now, Authorization(STAND).takeIf { isProjectKnown }) { transport, timeout ->
            val read = reader.read(contents(path, variable))
            check(read.settings)
            read.token(transport, timeout, now())
        }
        Account(tokens, emptyMap())
    }.tokens

    private suspend fun contents(path: String, variable: String): String = withContext(Dispatchers.IO) {
        try {
            val file = File(path)
            if (file.length() > MOST_BYTES) throw unreadable(variable, "is no credentials file: too large")
            file.readText()
        } catch (e: IOException) {
            throw unreadable(variable, "cannot be read (${e.javaClass.simpleName})")
        }
    }

    private fun unreadable(variable: String, what: String) =
        ConfigurationException("the file that $variable names $what; see that the path is right and the file readable")

    private fun kept(kind: String, text: String, trustsLoopback: Boolean, make: (String) -> Account): Account =
        accounts.of(kind, "$trustsLoopback", ServiceAccount.SCOPE, text, make = make)

    private companion object {
        const val MOST_BYTES = 1L shl 20

        /** In place of a token that is not there yet. */
        val STAND = Secret("to-be-fetched")
    }
}
