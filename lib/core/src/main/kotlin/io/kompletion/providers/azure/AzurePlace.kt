package io.kompletion.providers.azure

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.internal.wire.PathSegment
import io.kompletion.provider.GivenSettings

/**
 * Where a deployment is called.
 *
 * @property baseUrl everything in front of `/chat/completions`
 * @property version `api-version` of the query, or null
 */
internal class AzurePlace private constructor(val baseUrl: String, val version: String?) {
    companion object {
        const val RESOURCE = "resource"
        const val API_VERSION = "api_version"
        const val MODEL = "model"

        private val VERSION_ENV = listOf("AZURE_OPENAI_API_VERSION", "OPENAI_API_VERSION", "AZURE_API_VERSION")
        private val URL_ENV =
            listOf("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_BASE_URL", "AZURE_API_BASE", "AZURE_ENDPOINT")
        private val RESOURCE_ENV = listOf("AZURE_RESOURCE_NAME", "AZURE_OPENAI_RESOURCE")

        /** The last one that Microsoft released before the interface without dates. */
        private const val LAST_DATED = "2024-10-21"
        private const val INFERENCE_VERSION = "2024-05-01-preview"
        private const val PREVIEW = "preview"
        private val UNDATED = setOf("v1", "latest", PREVIEW)
        private const val SHOWN = 60
        private val NAME = Regex("[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
        private val VERSION = Regex("\\d{4}-\\d{2}-\\d{2}(-preview)?")
        private val DEPLOYMENT = Regex(".*/openai/deployments/[^/]+")

        fun isDated(version: String): Boolean = version.firstOrNull()?.isDigit() == true

        /** Whether [baseUrl] is that of Azure's interface for models of every maker. */
        fun isInference(baseUrl: String): Boolean = baseUrl.endsWith("/models")

        fun of(given: GivenSettings): AzurePlace {
            val url = Address.of(baseUrl(given))
            val asked = given.settings[API_VERSION]?.trim() ?: url.version
            val version = (asked ?: VERSION_ENV.firstNotNullOfOrNull(given.environment)?.trim())
                ?.also { check(given, it) }
            val address = url.address
            return when {
                address.endsWith("/v1") -> {
                    if (asked != null && isDated(asked)) throw contradiction(given, asked)
                    AzurePlace(address, version.takeIf { it == PREVIEW })
                }

                isInference(address) -> AzurePlace(address, version?.takeIf(::isDated) ?: INFERENCE_VERSION)

                DEPLOYMENT.matches(address) -> AzurePlace(address, version?.takeIf(::isDated) ?: LAST_DATED)

                else -> below(if (address.endsWith("/openai")) address else "$address/openai", given.model, version)
            }
        }

        private fun below(root: String, deployment: String, version: String?) =
            if (version != null && isDated(version)) {
                AzurePlace("$root/deployments/${PathSegment.encode(deployment)}", version)
            } else {
                AzurePlace("$root/v1", version.takeIf { it == PREVIEW })
            }

        /** What somebody said outranks the environment, an address as well as a resource. */
        private fun baseUrl(given: GivenSettings): String {
            val resource = given.settings[RESOURCE]
            if (given.baseUrl != null && resource != null) {
                throw wrong(given, RESOURCE, "a base URL and $RESOURCE are two ways to say where; leave one out")
            }
            return given.baseUrl
                ?: resource?.let { ofResource(given, it) }
                ?: URL_ENV.firstNotNullOfOrNull(given.environment)
                ?: RESOURCE_ENV.firstNotNullOfOrNull(given.environment)?.let { ofResource(given, it) }
                ?: throw wrong(
                    given,
                    "base_url",
                    "needs to know your resource: set ${URL_ENV[0]} to its endpoint, or name it as $RESOURCE in the " +
                        "options, or in ${RESOURCE_ENV[0]}",
                )
        }

        private fun ofResource(given: GivenSettings, name: String): String {
            if (!NAME.matches(name.trim())) {
                val shown = ErrorDetails.printable(name, SHOWN)
                throw wrong(given, RESOURCE, "\"$shown\" is no name of a resource: letters, digits and '-' only")
            }
            return "https://${name.trim()}.openai.azure.com"
        }

        private fun check(given: GivenSettings, version: String) {
            if (VERSION.matches(version) || version in UNDATED) return
            val shown = ErrorDetails.printable(version, SHOWN)
            throw wrong(given, API_VERSION, "\"$shown\" is no API version, write it like $LAST_DATED or $PREVIEW")
        }

        private fun contradiction(given: GivenSettings, version: String) = wrong(
            given,
            API_VERSION,
            "the base URL ends in /v1, which has no dated versions; leave $API_VERSION $version or the /v1 out",
        )

        private fun wrong(given: GivenSettings, param: String, message: String) = ConfigurationException(
            "${given.providerId}: $message",
            ErrorDetails.builder().provider(given.providerId).param(param).build(),
        )
    }

    /** A base URL as Azure's pages show it to copy: perhaps with the whole path of the endpoint and the version. */
    private class Address(val address: String, val version: String?) {
        companion object {
            private const val QUERY = "?api-version="

            fun of(said: String): Address {
                val whole = said.trim()
                val version = whole.substringAfter(QUERY, "").takeIf { it.isNotEmpty() && '&' !in it }
                val address = if (version == null) whole else whole.substringBefore(QUERY)
                return Address(address.trimEnd('/').removeSuffix("/chat/completions"), version)
            }
        }
    }
}
