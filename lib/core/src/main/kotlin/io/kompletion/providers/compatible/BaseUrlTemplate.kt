package io.kompletion.providers.compatible

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.provider.GivenSettings
import io.kompletion.provider.PreparedTarget
import io.kompletion.provider.TargetSetup

/**
 * A base URL that a setting stands in, such as the id of an account: `https://{account}.example.com/v1`.
 *
 * @param hostPath the path of the base URL where somebody names the host alone, as some providers' own variables do
 */
internal class BaseUrlTemplate(
    private val template: String,
    private val settings: Map<String, List<String>>,
    private val hostPath: String? = null,
) : TargetSetup {
    override fun prepare(given: GivenSettings): PreparedTarget {
        val url = given.baseUrl?.let(::withPath)
            ?: settings.keys.fold(template) { text, name -> text.replace("{$name}", value(name, given)) }
        return PreparedTarget(baseUrl = url, settings = given.settings)
    }

    /** A path that somebody says is his own matter, such as that of a proxy. */
    private fun withPath(url: String): String {
        val bare = url.trimEnd('/')
        return if (hostPath == null || '/' in bare.substringAfter("://")) url else bare + hostPath
    }

    private fun value(name: String, given: GivenSettings): String {
        val said = given.settings[name]?.trim()?.removePrefix("https://")?.trimEnd('/')?.removeSuffix(host(name))
        val problem = when {
            said.isNullOrEmpty() ->
                "provider \"${given.providerId}\" needs $name: set ${settings.getValue(
                    name,
                ).first()}, or pass it as an " +
                    "option of ${given.providerId}, or say the baseUrl"

            !ALLOWED.matches(said) -> "$name of ${given.providerId} may have letters, digits, '-', '_' and '.' only"

            else -> return said
        }
        throw ConfigurationException(
            problem,
            ErrorDetails.builder().provider(
                given.providerId,
            ).param("provider_options.${given.providerId}.$name").build(),
        )
    }

    /** What follows a setting in the name of the host; some say the whole name for the setting. */
    private fun host(name: String): String = template.substringAfter("{$name}").substringBefore('/')

    private companion object {
        /** What may stand in a host name or in one segment of a path. */
        val ALLOWED = Regex("[A-Za-z0-9](?:[A-Za-z0-9_-]|\\.(?!\\.)){0,98}")
    }
}
