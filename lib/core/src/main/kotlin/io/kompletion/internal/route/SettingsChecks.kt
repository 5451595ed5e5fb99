package io.kompletion.internal.route

import io.kompletion.error.ConfigurationException
import io.kompletion.error.ErrorDetails

/** What settings of several providers say together. Of two that contradict each other, one would be lost silently. */
internal object SettingsChecks {
    /** [idOf] gives the id of the provider that a name means. */
    fun check(settings: List<ProviderSettings>, idOf: (String) -> String) {
        names(settings, idOf)
        prefixes(settings)
    }

    private fun names(settings: List<ProviderSettings>, idOf: (String) -> String) {
        for ((provider, same) in settings.groupBy { idOf(it.id) }) {
            if (same.size < 2) continue
            val names = same.joinToString(" and ") { "\"${it.id}\"" }
            throw wrong("provider", "$names are names of one provider, $provider; set it up under one of them")
        }
    }

    private fun prefixes(settings: List<ProviderSettings>) {
        val claims = settings.flatMap { own -> own.modelPrefixes.map { it to own.id } }
        for ((prefix, owners) in claims.groupBy({ it.first }, { it.second })) {
            if (owners.distinct().size < 2) continue
            val shown = ErrorDetails.printable(prefix, SHOWN)
            val names = owners.distinct().joinToString(" and ")
            throw wrong("modelPrefixes", "model prefix \"$shown\" is claimed by $names; leave it to one of them")
        }
    }

    private fun wrong(param: String, message: String) =
        ConfigurationException(message, ErrorDetails.builder().param(param).build())

    private const val SHOWN = 60
}
