package io.kompletion.providers.azure

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
import kotlinx.serialization.json.JsonPrimitive

/**
 * Finds place and credentials of a deployment. A key goes out in `api-key`; tokens of Microsoft Entra, given or fetched
 * for an application, as bearer.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow">Microsoft: client
 *   credentials</a>
 */
internal class AzureSetup(private val tokens: AzureTokens) : TargetSetup {
    override fun prepare(given: GivenSettings): PreparedTarget {
        val place = AzurePlace.of(given)
        val own = source(given, TrustedPlace.isLocal(place.baseUrl))
        val settings = listOfNotNull(
            place.version?.let { AzurePlace.API_VERSION to it },
            given.settings[AzurePlace.MODEL]?.trim()?.let { AzurePlace.MODEL to it },
        )
        return PreparedTarget(
            place.baseUrl,
            settings.toMap(),
            auth = own?.let { Auth.Bearer },
            tokens = own ?: given.tokens,
        )
    }

    /** Where tokens come from when neither a key nor a supplier was given; null then, too, where none are wanted. */
    private fun source(given: GivenSettings, isLocal: Boolean): TokenSource? {
        val isApplication = given.key == null && given.tokens == null && given.auth !is Auth.None
        val application = if (isApplication) application(given, isLocal) else null
        if (application != null) return tokens.of(application)
        for (name in listOf(SCOPE, AUTHORITY)) {
            if (name in given.settings) {
                throw wrong(given, name, "$name is for tokens that are fetched with $TENANT, $CLIENT and $SECRET")
            }
        }
        if (!isApplication) return null
        return TOKEN_ENV.firstNotNullOfOrNull(given.environment)?.let { GivenToken(Secret(it)) }
            ?: throw wrong(
                given,
                "api_key",
                "No API key for ${given.providerId}: set AZURE_OPENAI_API_KEY or pass apiKey; for Microsoft Entra " +
                    "pass a supplier as accessToken of the client's provider(\"${given.providerId}\"), or $TENANT, " +
                    "$CLIENT and $SECRET in its options, or set ${TOKEN_ENV[0]}, or $TENANT_ENV, $CLIENT_ENV and " +
                    SECRET_ENV,
            )
    }

    /** The application whose credentials were given, or are in the environment; a token there outranks those there. */
    private fun application(given: GivenSettings, isLocal: Boolean): AzureApplication? {
        val isAsked = given.credentials.isNotEmpty()
        val isFound = TOKEN_ENV.none { given.environment(it) != null } &&
            listOf(TENANT_ENV, CLIENT_ENV, SECRET_ENV).all { given.environment(it) != null }
        if (!isAsked && !isFound) return null
        return AzureApplication(
            tenant = segment(given, TENANT, TENANT_ENV),
            client = text(given, CLIENT, CLIENT_ENV),
            secret = Secret(text(given, SECRET, SECRET_ENV)),
            scope = scope(given),
            authority = authority(given, isLocal),
        )
    }

    private fun scope(given: GivenSettings): String {
        val said = given.settings[SCOPE]?.trim() ?: given.environment("AZURE_SCOPE")?.trim() ?: USUAL_SCOPE
        if (said.any { it <= ' ' || it.code >= DELETE }) {
            throw wrong(given, SCOPE, "$SCOPE of ${given.providerId} must be one scope, such as $USUAL_SCOPE")
        }
        return said
    }

    private fun authority(given: GivenSettings, isLocal: Boolean): String {
        val said =
            given.settings[AUTHORITY]?.trim() ?: given.environment(AUTHORITY_ENV)?.trim() ?: return USUAL_AUTHORITY
        val url = if ("://" in said) said else "https://$said"
        val checked = TrustedPlace.checked(url, isLocal, AUTHORITIES.joinToString(" or "), { it in AUTHORITIES }) {
            throw wrong(given, AUTHORITY, "$AUTHORITY of ${given.providerId} $it")
        }.trimEnd('/')
        if (checked.count { it == '/' } > 2) {
            throw wrong(given, AUTHORITY, "$AUTHORITY of ${given.providerId} must be a host without a path")
        }
        return checked
    }

    private fun segment(given: GivenSettings, name: String, variable: String): String {
        val said = text(given, name, variable)
        if (TENANT_NAME.matches(said)) return said
        throw wrong(given, name, "$name of ${given.providerId} must be the id or the domain of a tenant")
    }

    private fun text(given: GivenSettings, name: String, variable: String): String {
        val value = given.credentials[name]
        if (value == null) {
            return given.environment(variable)?.trim()?.ifEmpty { null }
                ?: throw wrong(given, name, "$name is missing for ${given.providerId}; pass it, or set $variable")
        }
        return (value as? JsonPrimitive)?.takeIf { it.isString }?.content?.trim()?.ifEmpty { null }
            ?: throw wrong(given, name, "option \"$name\" of ${given.providerId} must be a text")
    }

    private fun wrong(given: GivenSettings, param: String, message: String) =
        ConfigurationException(message, ErrorDetails.builder().provider(given.providerId).param(param).build())

    companion object {
        const val TENANT = "tenant_id"
        const val CLIENT = "client_id"
        const val SECRET = "client_secret"
        const val SCOPE = "scope"
        const val AUTHORITY = "authority_host"
        const val USUAL_AUTHORITY = "https://login.microsoftonline.com"
        const val USUAL_SCOPE = "https://cognitiveservices.azure.com/.default"
        private const val TENANT_ENV = "AZURE_TENANT_ID"
        private const val CLIENT_ENV = "AZURE_CLIENT_ID"
        private const val SECRET_ENV = "AZURE_CLIENT_SECRET"
        private const val AUTHORITY_ENV = "AZURE_AUTHORITY_HOST"
        private const val DELETE = 0x7F
        private val TOKEN_ENV = listOf("AZURE_OPENAI_AD_TOKEN", "AZURE_AD_TOKEN")
        private val TENANT_NAME = Regex("[A-Za-z0-9](?:[A-Za-z0-9-]|\\.(?!\\.)){0,126}")

        /** Of the world, of the United States' government, and of China. */
        private val AUTHORITIES =
            setOf("login.microsoftonline.com", "login.microsoftonline.us", "login.chinacloudapi.cn") +
                "login.partner.microsoftonline.cn"

        /** Names of the settings that [prepare] reads. */
        val SETTINGS: Set<String> =
            setOf(AzurePlace.RESOURCE, AzurePlace.API_VERSION, AzurePlace.MODEL, SCOPE, AUTHORITY)

        /** Names of the options that hold credentials. */
        val CREDENTIALS: Set<String> = setOf(TENANT, CLIENT, SECRET)
    }
}
