package io.kompletion.providers.vertex

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.internal.credential.TrustedPlace
import io.kompletion.provider.Auth
import io.kompletion.provider.GivenSettings
import io.kompletion.provider.PreparedTarget
import io.kompletion.provider.TargetSetup
import io.kompletion.provider.TokenSource

/**
 * Finds project, location and credentials of a target at Google Cloud.
 *
 * @param projectEnv variables that may hold the project, first match wins
 * @param locationEnv the same for the location
 * @param usualLocation where a call goes when nobody says; null when somebody must
 * @param takesApiKeys whether there are API keys beside access tokens, which need neither project nor location
 * @see <a href="https://cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/overview">Google Cloud: express mode</a>
 */
internal class VertexSetup(
    private val tokens: GoogleTokens,
    private val projectEnv: List<String>,
    private val locationEnv: List<String>,
    private val usualLocation: String? = null,
    private val takesApiKeys: Boolean = false,
) : TargetSetup {
    override fun prepare(given: GivenSettings): PreparedTarget =
        if (isApiKey(given)) withApiKey(given) else inProject(given)

    /** Access tokens of Google begin alike; whoever says bearer has one as well. */
    private fun isApiKey(given: GivenSettings): Boolean {
        val key = given.key ?: return false
        return takesApiKeys && given.auth !is Auth.Bearer && !key.reveal().startsWith(TOKEN)
    }

    /** What the environment says of projects is meant for tokens, so it does not count here. */
    private fun withApiKey(given: GivenSettings): PreparedTarget {
        val id = given.providerId
        val location = given.setting(LOCATIONS)?.let { VertexPlace.checkLocation(id, it) } ?: GLOBAL
        val project = given.setting(PROJECTS)?.let { VertexPlace.checkProject(id, it) }
        return PreparedTarget(
            given.baseUrl ?: VertexPlace.baseUrl(location),
            listOfNotNull(VertexPlace.LOCATION to location, project?.let { VertexPlace.PROJECT to it }).toMap(),
            auth = Auth.Header("x-goog-api-key"),
        )
    }

    private fun inProject(given: GivenSettings): PreparedTarget {
        val id = given.providerId
        val location = given.setting(LOCATIONS) ?: given.fromEnvironment(locationEnv) ?: usualLocation
        val project = given.setting(PROJECTS) ?: given.fromEnvironment(projectEnv)
        val place = VertexPlace.checkLocation(id, location ?: throw noLocation(id))
        project?.let { VertexPlace.checkProject(id, it) }
        val source = source(given, isProjectKnown = project != null)
        val settings = source.settings + listOfNotNull(
            VertexPlace.LOCATION to place,
            project?.let { VertexPlace.PROJECT to it },
        )
        if (VertexPlace.PROJECT !in settings && !source.mayTellProject) throw VertexPlace.noProject(id, projectEnv)
        settings[VertexPlace.PROJECT]?.let { VertexPlace.checkProject(id, it) }
        return PreparedTarget(given.baseUrl ?: VertexPlace.baseUrl(place), settings, tokens = source.tokens)
    }

    /** Where the credential of a try comes from; nowhere when the caller brought a key, or wants none. */
    private class Source(
        val tokens: TokenSource?,
        val settings: Map<String, String> = emptyMap(),
        val mayTellProject: Boolean = false,
    )

    private fun source(given: GivenSettings, isProjectKnown: Boolean): Source {
        if (given.auth is Auth.None || given.key != null || given.tokens != null) return Source(given.tokens)
        val isLocal = TrustedPlace.isLocal(given.baseUrl)
        given.credentials[CREDENTIALS]?.let { credentials ->
            val account = tokens.of(credentials, CREDENTIALS, isLocal)
            return Source(account.tokens, account.settings)
        }
        val path = given.environment(FILE_ENV) ?: throw noCredentials(given.providerId)
        val id = given.providerId
        val file = tokens.ofFile(
            path,
            FILE_ENV,
            isLocal,
            kind = if (isProjectKnown) "" else id,
            isProjectKnown,
        ) { found ->
            val told = found[VertexPlace.PROJECT]
            if (told != null) VertexPlace.checkProject(id, told)
            if (told == null && !isProjectKnown) throw VertexPlace.noProject(id, projectEnv)
        }
        return Source(file, mayTellProject = true)
    }

    private fun GivenSettings.fromEnvironment(names: List<String>) = names.firstNotNullOfOrNull(environment)

    /** The value under any of [names], which all mean the same. */
    private fun GivenSettings.setting(names: List<String>): String? {
        val said = names.mapNotNull { name -> settings[name]?.trim()?.let { name to it } }
        if (said.map { it.second }.distinct().size > 1) {
            throw ConfigurationException(
                "${said.joinToString(" and ") { it.first }} of $providerId differ; they mean the same, so give one",
                ErrorDetails.builder().provider(providerId).param(said.last().first).build(),
            )
        }
        return said.firstOrNull()?.second
    }

    private fun noLocation(provider: String) = ConfigurationException(
        "No region for $provider: name it as region in its options, e.g. us-east5 or global, or set " +
            locationEnv.joinToString(" or "),
        ErrorDetails.builder().provider(provider).param(VertexPlace.LOCATION).build(),
    )

    private fun noCredentials(provider: String) = ConfigurationException(
        "No credentials for $provider: pass $CREDENTIALS in its options, an access token as apiKey, a supplier as " +
            "accessToken of the client's provider(\"$provider\"), or set $FILE_ENV to the path of a key file",
        ErrorDetails.builder().provider(provider).param(CREDENTIALS).build(),
    )

    companion object {
        const val CREDENTIALS = "service_account_credentials"
        const val FILE_ENV = "GOOGLE_APPLICATION_CREDENTIALS"
        private const val TOKEN = "ya29."
        private const val GLOBAL = "global"
        private val PROJECTS = listOf(VertexPlace.PROJECT, "project")
        private val LOCATIONS = listOf(VertexPlace.LOCATION, "location")

        /** Names of the settings that [prepare] reads. */
        val SETTINGS: Map<String, List<String>> = (PROJECTS + LOCATIONS).associateWith { emptyList() }
    }
}
