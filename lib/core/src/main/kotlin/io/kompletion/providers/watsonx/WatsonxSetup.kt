package io.kompletion.providers.watsonx

import io.kompletion.Secret
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.internal.credential.GivenToken
import io.kompletion.internal.credential.TrustedPlace
import io.kompletion.provider.Auth
import io.kompletion.provider.GivenSettings
import io.kompletion.provider.PreparedTarget
import io.kompletion.provider.TargetSetup
import io.kompletion.provider.TokenSource

/** Finds region, project and credentials. An API key is exchanged for a token at IBM's token endpoint and goes nowhere else. */
internal class WatsonxSetup(private val tokens: WatsonxTokens) : TargetSetup {
    override fun prepare(given: GivenSettings): PreparedTarget {
        val baseUrl = baseUrl(given)
        val source = source(given, TrustedPlace.isLocal(baseUrl))
        return PreparedTarget(
            baseUrl,
            owner(given) + (VERSION to version(given)),
            auth = source?.let { Auth.Bearer },
            tokens = source,
        )
    }

    private fun baseUrl(given: GivenSettings): String {
        given.baseUrl?.let { return it.trimEnd('/').removeSuffix("/ml/v1") }
        val region = given.settings[REGION]?.trim() ?: USUAL_REGION
        if (!REGION_NAME.matches(region)) throw wrong(given, REGION, "$REGION must be a region such as $USUAL_REGION")
        return "https://$region.ml.cloud.ibm.com"
    }

    /** Who is billed: a project, or else a space; a deployment knows. */
    private fun owner(given: GivenSettings): Map<String, String> {
        if (given.model.startsWith("deployment/")) return emptyMap()
        val project = (given.settings["project"] ?: given.settings[PROJECT])?.trim()
        if (project != null) return mapOf(PROJECT to project)
        val space = given.settings[SPACE]?.trim() ?: throw wrong(
            given,
            PROJECT,
            "watsonx needs a project or a space: set ${SETTINGS.getValue(PROJECT)[0]} or " +
                "${SETTINGS.getValue(SPACE)[0]}, or pass $PROJECT or $SPACE",
        )
        return mapOf(SPACE to space)
    }

    private fun version(given: GivenSettings): String {
        val said = given.settings[VERSION]?.trim() ?: return USUAL_VERSION
        if (VERSION_DATE.matches(said)) return said
        throw wrong(given, VERSION, "$VERSION must be a date such as $USUAL_VERSION")
    }

    /** Null where no credential is wanted. */
    private fun source(given: GivenSettings, isLocal: Boolean): TokenSource? {
        given.tokens?.let { return it }
        if (given.auth is Auth.None) return null
        val key = given.key
        if (key !=
            null
        ) {
            return if (given.auth is Auth.Bearer) GivenToken(key) else tokens.of(key, endpoint(given, isLocal))
        }
        return given.environment(TOKEN_ENV)?.let { GivenToken(Secret(it)) } ?: throw wrong(
            given,
            "api_key",
            "No API key for ${given.providerId}: set WATSONX_APIKEY or pass apiKey; a token goes into $TOKEN_ENV, or " +
                "is supplied by accessToken of the client's provider(\"${given.providerId}\")",
        )
    }

    private fun endpoint(given: GivenSettings, isLocal: Boolean): String {
        val said = given.settings[IAM_URL]?.trim() ?: return USUAL_IAM + TOKEN_PATH
        val place = TrustedPlace.checked(said, isLocal, "iam.cloud.ibm.com", { it in IAM_HOSTS }) {
            throw wrong(given, IAM_URL, "$IAM_URL of ${given.providerId} $it")
        }
        return place.trimEnd('/').removeSuffix(TOKEN_PATH) + TOKEN_PATH
    }

    private fun wrong(given: GivenSettings, param: String, message: String) =
        ConfigurationException(message, ErrorDetails.builder().provider(given.providerId).param(param).build())

    companion object {
        const val PROJECT = "project_id"
        const val SPACE = "space_id"
        const val REGION = "region"
        const val VERSION = "api_version"
        const val IAM_URL = "iam_url"
        private const val TOKEN_ENV = "WATSONX_TOKEN"
        private const val USUAL_REGION = "us-south"
        private const val USUAL_VERSION = "2025-02-06"
        private const val USUAL_IAM = "https://iam.cloud.ibm.com"
        private const val TOKEN_PATH = "/identity/token"
        private val REGION_NAME = Regex("[a-z]{2}(-[a-z0-9]{2,16}){1,3}")
        private val VERSION_DATE = Regex("\\d{4}-\\d{2}-\\d{2}")
        private val IAM_HOSTS = setOf("iam.cloud.ibm.com", "private.iam.cloud.ibm.com")

        /** What is read here, with the variables that may hold it. */
        val SETTINGS: Map<String, List<String>> = mapOf(
            "project" to emptyList(),
            PROJECT to listOf("WATSONX_PROJECT_ID", "WX_PROJECT_ID"),
            SPACE to listOf("WATSONX_SPACE_ID", "WATSONX_DEPLOYMENT_SPACE_ID", "WX_SPACE_ID"),
            REGION to listOf("WATSONX_REGION", "WX_REGION"),
            VERSION to listOf("WATSONX_API_VERSION"),
            IAM_URL to listOf("WATSONX_IAM_URL"),
        )
    }
}
