package io.kompletion.providers.compatible

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails
import io.kompletion.provider.GivenSettings
import io.kompletion.provider.PreparedTarget
import io.kompletion.provider.TargetSetup

/** A base URL that a setting stands in, such as the id of an account: `https://{account}.example.com/v1`. */
internal class BaseUrlTemplate(
    private val template: String,
    private val settings: Map<String, List<String>>,
) : TargetSetup {
    override fun prepare(given: GivenSettings): PreparedTarget {
        val url =
            given.baseUrl ?: settings.keys.fold(template) { text, name -> text.replace("{$name}", value(name, given)) }
        return PreparedTarget(baseUrl = url, settings = given.settings)
    }

    private fun value(name: String, given: GivenSettings): String {
        val said = given.settings[name]?.trim()?.removePrefix("https://")?.trimEnd('/')
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

    private companion object {
        /** What may stand in a host name or in one segment of a path. */
        val ALLOWED = Regex("[A-Za-z0-9](?:[A-Za-z0-9_-]|\\.(?!\\.)){0,98}")
    }
}
