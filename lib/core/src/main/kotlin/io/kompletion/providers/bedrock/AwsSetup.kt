package io.kompletion.providers.bedrock

import io.kompletion.Secret
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.provider.Auth
import io.kompletion.provider.Authorization
import io.kompletion.provider.GivenSettings
import io.kompletion.provider.PreparedTarget
import io.kompletion.provider.TargetSetup
import io.kompletion.provider.TokenSource
import kotlinx.serialization.json.JsonPrimitive

/**
 * Finds region and credentials of a target at Bedrock. An API key travels as bearer; keys sign. What was given outranks
 * the environment, and that outranks what files, the container and the instance have, which are asked when a call is
 * made.
 */
internal class AwsSetup(private val credentials: AwsCredentials) : TargetSetup {
    override fun prepare(given: GivenSettings): PreparedTarget {
        val region = region(given)
        val settings = listOfNotNull(region?.let { BedrockPlace.REGION to it }).toMap()
        val baseUrl = given.baseUrl ?: region?.let(BedrockPlace::baseUrl)
        return PreparedTarget(
            baseUrl ?: STAND,
            settings,
            tokens = tokens(given, region, isPlaceKnown = baseUrl != null),
        )
    }

    /** Where credentials come from; null sends the key that was given, or none. */
    private fun tokens(given: GivenSettings, region: String?, isPlaceKnown: Boolean): TokenSource? {
        val late = AwsRegion { region ?: profileRegion(given) ?: throw noRegion(given.providerId) }
        val key = given.key
        return when {
            given.auth is Auth.None -> null.also { if (!isPlaceKnown) throw noRegion(given.providerId) }

            given.tokens != null -> given.tokens.also { if (!isPlaceKnown) throw noRegion(given.providerId) }

            // Known place, known key: nothing to find out.
            key != null && isPlaceKnown -> null

            key != null -> GivenTokens(false, late, key) { _, url -> Authorization(key, baseUrl = url) }

            else -> signing(given, late, isPlaceKnown)
        }
    }

    private fun signing(given: GivenSettings, region: AwsRegion, isPlaceKnown: Boolean): TokenSource {
        val profile = profile(given)
        val keys = keys(given)
        if (profile != null && keys != null) {
            throw wrong(given, PROFILE, "$PROFILE and $SECRET_KEY of ${given.providerId} are two ways; leave one out")
        }
        val known = keys ?: if (profile == null) environmentKeys(given) else null
        if (known != null) {
            return GivenTokens(isPlaceKnown, region, known.secretAccessKey) { place, url ->
                known.authorization(place, credentials.clock, url)
            }
        }
        val source =
            profile?.let { credentials.ofProfile(it, given.environment) } ?: credentials.ofMachine(given.environment)
        return SigningTokens(source, region, isPlaceKnown, credentials.clock)
    }

    private fun region(given: GivenSettings): String? {
        val said = REGIONS.mapNotNull { name -> given.settings[name]?.trim()?.let { name to it } }
        if (said.map { it.second }.distinct().size > 1) {
            throw wrong(
                given,
                said.last().first,
                "${said.joinToString(" and ") {
                    it.first
                }} of ${given.providerId} differ; give one",
            )
        }
        val asked = said.firstOrNull()?.second
        val ofModel = BedrockPlace.regionOf(given.model)
        if (asked != null && ofModel != null && asked != ofModel) {
            throw wrong(
                given,
                BedrockPlace.REGION,
                "region \"${shown(
                    asked,
                )}\" of ${given.providerId} is not that of the model's ARN, \"${shown(ofModel)}\"",
            )
        }
        val found = asked ?: ofModel ?: given.baseUrl?.let(BedrockPlace::regionOfHost)
            ?: REGION_ENV.firstNotNullOfOrNull(given.environment)?.trim()
        return found?.let { BedrockPlace.checkRegion(given.providerId, it) }
    }

    private suspend fun profileRegion(given: GivenSettings): String? {
        val profiles = AwsProfiles(given.environment)
        val region = profiles.find(profile(given) ?: profiles.usual)?.region
        return region?.let { BedrockPlace.checkRegion(given.providerId, it) }
    }

    private fun profile(given: GivenSettings): String? = PROFILES.firstNotNullOfOrNull { text(given, it) }

    private fun keys(given: GivenSettings): AwsKeys? {
        val id = text(given, KEY_ID)
        val secret = text(given, SECRET_KEY)
        val token = text(given, SESSION_TOKEN)
        if (id == null && secret == null && token == null) return null
        if (id == null || secret == null) {
            val absent = if (id == null) KEY_ID else SECRET_KEY
            throw wrong(
                given,
                absent,
                "$absent is missing for ${given.providerId}; $KEY_ID and $SECRET_KEY go together",
            )
        }
        return AwsKeys(Secret(id), Secret(secret), token?.let(::Secret)).checked(given.providerId)
    }

    private fun environmentKeys(given: GivenSettings): AwsKeys? {
        val id = given.environment("AWS_ACCESS_KEY_ID") ?: return null
        val secret = given.environment("AWS_SECRET_ACCESS_KEY") ?: return null
        val token = given.environment("AWS_SESSION_TOKEN")?.let(::Secret)
        return AwsKeys(Secret(id), Secret(secret), token).checked(given.providerId)
    }

    private fun text(given: GivenSettings, name: String): String? {
        val value = given.credentials[name] ?: return null
        return (value as? JsonPrimitive)?.takeIf { it.isString }?.content?.trim()?.ifEmpty { null }
            ?: throw wrong(given, name, "option \"$name\" of ${given.providerId} must be a text")
    }

    private fun noRegion(provider: String) = ConfigurationException(
        "No region for $provider: name it as region in its options, e.g. us-east-1, or set " +
            "${REGION_ENV.joinToString(" or ")}, or write the ARN of the model",
        ErrorDetails.builder().provider(provider).param(BedrockPlace.REGION).build(),
    )

    private fun wrong(given: GivenSettings, param: String, message: String) =
        ConfigurationException(message, ErrorDetails.builder().provider(given.providerId).param(param).build())

    private fun shown(text: String) = ErrorDetails.printable(text, SHOWN)

    companion object {
        const val KEY_ENV = "AWS_BEARER_TOKEN_BEDROCK"
        const val KEY_ID = "aws_access_key_id"
        const val SECRET_KEY = "aws_secret_access_key"
        const val SESSION_TOKEN = "aws_session_token"
        const val PROFILE = "profile"
        private const val SHOWN = 60

        /** Stands for the place until the region is known; nothing is ever sent there. */
        private const val STAND = "https://bedrock-runtime.invalid"
        private val PROFILES = listOf(PROFILE, "aws_profile_name")
        private val REGIONS = listOf(BedrockPlace.REGION, "aws_region_name")
        private val REGION_ENV = listOf("AWS_REGION", "AWS_DEFAULT_REGION")

        /** Names of the settings that [prepare] reads. */
        val SETTINGS: Map<String, List<String>> = REGIONS.associateWith { emptyList() }

        /** Names of the options that hold credentials. */
        val CREDENTIALS: Set<String> = setOf(KEY_ID, SECRET_KEY, SESSION_TOKEN) + PROFILES

        /** Variables that may hold another place. */
        val BASE_URLS: List<String> = listOf("BEDROCK_BASE_URL", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL")
    }
}
