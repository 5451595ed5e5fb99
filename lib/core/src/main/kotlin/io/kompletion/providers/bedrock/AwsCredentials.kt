package io.kompletion.providers.bedrock

import io.kompletion.Secret
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.internal.credential.Fetched
import io.kompletion.internal.credential.RecentlyUsed
import io.kompletion.internal.credential.SharedCredential
import io.kompletion.provider.Authorization
import io.kompletion.provider.TokenSource
import io.kompletion.transport.HttpTransport
import java.time.Duration

/**
 * The keys of one client, by where they come from; both providers at Bedrock share them. They are kept until shortly
 * before they end, those of files for a quarter of an hour. Thread-safe.
 */
internal class AwsCredentials(val clock: AwsClock) {
    private val kept = RecentlyUsed<SharedCredential<AwsKeys>>()

    /** The keys of the profile [name]. */
    fun ofProfile(name: String, environment: (String) -> String?): SharedCredential<AwsKeys> =
        kept.of("profile", name) {
            shared { _, _ ->
                val profile = AwsProfiles(environment).find(name) ?: throw AwsProfiles.wrong(name, MISSING)
                lasting(profile.keys ?: throw AwsProfiles.wrong(name, "has no keys"))
            }
        }

    /** The keys that the machine has: of the usual profile, else of its container, else of the instance. */
    fun ofMachine(environment: (String) -> String?): SharedCredential<AwsKeys> = kept.of("machine") {
        shared { transport, connectTimeout ->
            val profiles = AwsProfiles(environment)
            val profile = profiles.find(profiles.usual)
            if (profile == null && profiles.isNamed) throw AwsProfiles.wrong(profiles.usual, "of AWS_PROFILE $MISSING")
            profile?.keys?.let(::lasting)
                ?: AwsContainer(environment).keys(transport, connectTimeout, clock.now())
                ?: AwsInstance(environment).keys(transport, clock.now())
                ?: throw missing()
        }
    }

    private fun shared(fetch: suspend (HttpTransport, Duration) -> Fetched<AwsKeys>) =
        SharedCredential("AWS credentials", clock::now) { transport, connectTimeout ->
            fetch(transport, connectTimeout).also { it.value.checked("AWS") }
        }

    private fun lasting(keys: AwsKeys) = Fetched(keys, FILES)

    private fun missing() = ConfigurationException(
        "No AWS credentials: pass an API key of Bedrock as apiKey or in ${AwsSetup.KEY_ENV}, or " +
            "aws_access_key_id and aws_secret_access_key or a profile in the options, set AWS_ACCESS_KEY_ID and " +
            "AWS_SECRET_ACCESS_KEY, or write a profile; no container or instance gave any either",
        ErrorDetails.builder().param("api_key").build(),
    )

    private companion object {
        const val MISSING = "is in neither ~/.aws/credentials nor ~/.aws/config"
        val FILES: Duration = Duration.ofMinutes(15)
    }
}

/** Where the calls of one target go, found out with its credentials where it needs a file. */
internal fun interface AwsRegion {
    suspend fun find(): String
}

/** Keys that sign, of which [source] gives the ones for each try. */
internal class SigningTokens(
    private val source: SharedCredential<AwsKeys>,
    private val region: AwsRegion,
    private val isPlaceKnown: Boolean,
    private val clock: AwsClock,
) : TokenSource {
    override suspend fun token(transport: HttpTransport, connectTimeout: Duration): Authorization {
        val place = region.find()
        val baseUrl = if (isPlaceKnown) null else BedrockPlace.baseUrl(place)
        return source.get(transport, connectTimeout).authorization(place, clock, baseUrl)
    }

    override fun rehearsal(): Authorization? = STAND.authorization("", clock).takeIf { source.isEmpty }

    override fun refused(token: Secret): Boolean {
        source.forget { it.secretAccessKey == token }
        return true
    }

    private companion object {
        /** In place of keys that are not there yet. */
        val STAND = AwsKeys(Secret("to-be-fetched"), Secret("to-be-fetched"))
    }
}

/** Keys or an API key that were given, and do not change. */
internal class GivenTokens(
    private val isPlaceKnown: Boolean,
    private val region: AwsRegion,
    override val identity: Secret? = null,
    private val authorization: (region: String, baseUrl: String?) -> Authorization,
) : TokenSource {
    override suspend fun token(transport: HttpTransport, connectTimeout: Duration): Authorization {
        val place = region.find()
        return authorization(place, if (isPlaceKnown) null else BedrockPlace.baseUrl(place))
    }

    override fun refused(token: Secret): Boolean = false
}
