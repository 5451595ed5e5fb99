package io.kompletion.providers.vertex

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.PathSegment
import io.kompletion.provider.Target

/**
 * Hosts and paths of Vertex AI.
 *
 * @see <a href="https://cloud.google.com/vertex-ai/docs/general/locations">Google Cloud: locations</a>
 */
internal object VertexPlace {
    const val PROJECT = "project_id"
    const val LOCATION = "region"
    const val QUOTA_PROJECT = "quota_project_id"

    /** Where [location] is reached; a part of a host name, so nothing but letters, digits and hyphens may be in it. */
    fun baseUrl(location: String): String = when (location) {
        "global" -> "https://aiplatform.googleapis.com/v1"
        "us", "eu" -> "https://aiplatform.$location.rep.googleapis.com/v1"
        else -> "https://$location-aiplatform.googleapis.com/v1"
    }

    fun checkLocation(provider: String, location: String): String {
        if (LOCATION_NAME.matches(location)) return location
        throw wrong(provider, LOCATION, location, "must be like us-east5 or global: small letters, digits and hyphens")
    }

    fun checkProject(provider: String, project: String): String {
        if (PROJECT_NAME.matches(project)) return project
        throw wrong(provider, PROJECT, project, "must be a project id or number: small letters, digits and hyphens")
    }

    /** The path of a [verb] of a model that [publisher] gives out. */
    fun modelPath(target: Target, publisher: String, verb: String): String =
        path(target, publisher, "${model(target)}:$verb")

    /** The path where the tokens are counted of any model that [publisher] gives out; the question names the model. */
    fun countPath(target: Target, publisher: String): String = path(target, publisher, "count-tokens:rawPredict")

    private fun path(target: Target, publisher: String, action: String): String {
        val provider = target.providerId
        val project = target.settings[PROJECT] ?: throw noProject(provider, emptyList())
        val location = checkNotNull(target.settings[LOCATION]) { "a target of $provider has a location" }
        // What a credentials file said was not looked at before.
        val places = "/projects/${PathSegment.encode(checkProject(provider, project))}/locations/$location"
        return "$places/publishers/$publisher/models/$action"
    }

    /** The model as one segment of a path. */
    fun model(target: Target): String {
        if ('/' in target.model || !PathSegment.fits(target.model)) {
            throw InvalidRequestException(
                "model \"${ErrorDetails.printable(
                    target.model,
                    SHOWN,
                )}\": ${target.providerId} takes the bare name of " +
                    "a model, without slashes",
                ErrorDetails.builder().provider(target.providerId).param("model").build(),
            )
        }
        return PathSegment.encode(target.model)
    }

    /** No project was named: by the settings, the variables [env] or a key file. */
    fun noProject(provider: String, env: List<String>): ConfigurationException {
        val variables = if (env.isEmpty()) "" else ", or set ${env.joinToString(" or ")}"
        return ConfigurationException(
            "No project for $provider: name it as project_id in its options, or as project of the client's " +
                "provider(\"$provider\")$variables",
            ErrorDetails.builder().provider(provider).param(PROJECT).build(),
        )
    }

    private fun wrong(provider: String, name: String, value: String, what: String) = ConfigurationException(
        "$name \"${ErrorDetails.printable(value, SHOWN)}\" of $provider $what",
        ErrorDetails.builder().provider(provider).param(name).build(),
    )

    private const val SHOWN = 60
    private val LOCATION_NAME = Regex("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")

    /** With the domain of the organization before a colon where it has one. */
    private val PROJECT_NAME = Regex("([a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?:)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
}
