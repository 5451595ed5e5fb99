package io.kompletion.provider

import io.kompletion.Secret
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.WireRequest
import kotlinx.serialization.json.JsonElement
import java.time.Duration

/**
 * For providers whose place or credentials depend on settings such as a region or a project. Decides from what was
 * given, without any I/O; what is missing is a `ConfigurationException` that names the ways to give it.
 */
internal fun interface TargetSetup {
    fun prepare(given: GivenSettings): PreparedTarget
}

/**
 * What the request, the client and the environment say about one target.
 *
 * @property baseUrl where somebody said that the provider is reached, or null
 * @property settings those of [Provider.settingNames] that were given
 * @property credentials those of [Provider.credentialNames] that were given
 * @property key the key, or null
 * @property auth how somebody said that credentials travel, or null
 * @property tokens where somebody said that credentials come from, or null
 * @property environment looks up an environment variable
 */
internal class GivenSettings(
    val providerId: String,
    val model: String,
    val baseUrl: String?,
    val settings: Map<String, String>,
    val credentials: Map<String, JsonElement>,
    val key: Secret?,
    val auth: Auth?,
    val tokens: TokenSource?,
    val environment: (String) -> String?,
)

/**
 * @property settings the settings with what was found in other places, e.g. the project that a key file names
 * @property auth how the key travels; null is the provider's own way
 * @property tokens where the credential of each try comes from; null sends the key
 */
internal class PreparedTarget(
    val baseUrl: String,
    val settings: Map<String, String>,
    val auth: Auth? = null,
    val tokens: TokenSource? = null,
)

/** Credentials that expire and are fetched. Safe for any number of concurrent calls, of which one fetches for all. */
internal interface TokenSource {
    /** A credential that is good for a while, fetched over [transport] when there is none yet. */
    suspend fun token(transport: HttpTransport, connectTimeout: Duration): Authorization

    /** A stand-in to write a request with before anything is fetched; null when there is a token, or none is fetched here. */
    fun rehearsal(): Authorization? = null

    /**
     * What tells its credentials from others, the same in every process; null where only the machine, or code of the
     * user's, knows them. For hashes only.
     */
    val identity: Secret? get() = null

    /** The provider refused [token]: it is not given out again. Whether a new one may fare better. */
    fun refused(token: Secret): Boolean
}

/**
 * A credential for one try.
 *
 * @property credential what the provider may refuse; it travels by itself unless there is a [signer]
 * @property settings what came to light with it, e.g. the project that a key file names; settings that were given outrank
 *   it
 * @property signer signs the request in place of sending [credential]
 * @property baseUrl where the call goes, where only the credentials tell
 * @property secrets what must be in no error, whatever the server writes
 */
internal class Authorization(
    val credential: Secret,
    val settings: Map<String, String> = emptyMap(),
    val signer: RequestSigner? = null,
    val baseUrl: String? = null,
    val secrets: List<Secret> = listOf(credential),
)

/** Signs a request as it goes out: its bytes, address and headers. Each try is signed anew. */
internal interface RequestSigner {
    /** Names of the headers that belong to the signature, lower case. */
    val headers: Set<String>

    fun sign(request: WireRequest): WireRequest
}
