package io.kompletion.providers.bedrock

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.PathSegment
import io.kompletion.provider.Target

/**
 * Hosts and paths of Bedrock's runtime.
 *
 * @see <a href="https://docs.aws.amazon.com/general/latest/gr/bedrock.html">AWS: endpoints of Bedrock</a>
 */
internal object BedrockPlace {
    const val REGION = "region"
    const val EVENT_STREAM = "application/vnd.amazon.eventstream"

    /** The name under which signatures know it. */
    const val SERVICE = "bedrock"

    /** Where [region] is reached; a part of a host name, so nothing but letters, digits and hyphens may be in it. */
    fun baseUrl(region: String): String = "https://bedrock-runtime.$region.${domain(region)}"

    /** Each partition of Amazon's cloud has its own domain. */
    private fun domain(region: String): String =
        DOMAINS.entries.firstOrNull { region.startsWith(it.key) }?.value ?: USUAL

    fun checkRegion(provider: String, region: String): String {
        if (REGION_NAME.matches(region)) return region
        throw ConfigurationException(
            "region \"${ErrorDetails.printable(region, SHOWN)}\" of $provider must be like us-east-1: small letters, " +
                "digits and hyphens",
            ErrorDetails.builder().provider(provider).param(REGION).build(),
        )
    }

    /** The region that the ARN of a model names; null for other names. */
    fun regionOf(model: String): String? =
        if (isArn(model)) model.split(':').getOrNull(REGION_OF_ARN)?.ifEmpty { null } else null

    /** The region of one of Amazon's own hosts; null for any other. */
    fun regionOfHost(baseUrl: String): String? = HOST.find(baseUrl)?.groupValues?.get(1)

    /** The path of a [verb] of the model: its id or ARN is one segment, whatever is in it. */
    fun modelPath(target: Target, verb: String): String {
        val model = target.model
        if (!PathSegment.fits(model) || ('/' in model && !isArn(model))) {
            throw InvalidRequestException(
                "model \"${ErrorDetails.printable(
                    model,
                    SHOWN,
                )}\": ${target.providerId} takes the bare id of a model, " +
                    "or an ARN; only an ARN has slashes",
                ErrorDetails.builder().provider(target.providerId).param("model").build(),
            )
        }
        return "/model/${PathSegment.encode(model)}/$verb"
    }

    private fun isArn(model: String) = model.startsWith("arn:")

    private const val SHOWN = 80
    private const val REGION_OF_ARN = 3
    private const val USUAL = "amazonaws.com"
    private val DOMAINS = mapOf(
        "cn-" to "amazonaws.com.cn",
        "eusc-" to "amazonaws.eu",
        "us-iso-" to "c2s.ic.gov",
        "us-isob-" to "sc2s.sgov.gov",
    )
    private val REGION_NAME = Regex("[a-z]([a-z0-9-]{0,38}[a-z0-9])")
    private val HOST =
        Regex("^https://(?:[a-z0-9-]+\\.)?bedrock-runtime(?:-fips)?\\.([a-z0-9-]+)\\.(?:vpce\\.)?amazonaws\\.")
}
