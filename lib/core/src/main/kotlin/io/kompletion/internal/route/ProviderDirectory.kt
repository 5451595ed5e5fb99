package io.kompletion.internal.route

import io.kompletion.provider.NamePattern
import io.kompletion.provider.OwnServer
import io.kompletion.provider.Provider
import io.kompletion.provider.ProviderId

/**
 * Every provider that a client knows: those with code of their own, those that are data, which are read when none of the
 * first is meant, and the servers that the client registered.
 */
internal class ProviderDirectory(
    private val native: List<Provider>,
    private val described: () -> List<Provider>,
    private val registered: List<ProviderSettings>,
    private val custom: (OwnServer) -> Provider,
) {
    private val own: List<Provider> by lazy {
        registered.filter { given -> builtIn(given.id) == null }.map { custom(it.server) }
    }

    val all: List<Provider> get() = native + described() + own

    fun find(name: String): Provider? {
        val wanted = ProviderId.of(name).value
        return builtIn(wanted) ?: own.firstOrNull { it.answersTo(wanted) }
    }

    /** The same among those that need no reading. */
    fun findNative(name: String): Provider? =
        ProviderId.of(name).value.let { wanted -> native.firstOrNull { it.answersTo(wanted) } }

    /** Whether [provider] is none of the client's own servers. */
    fun isBuiltIn(provider: Provider): Boolean = own.none { it === provider }

    /** The provider whose models begin like [model], by the longest beginning. */
    fun byPrefix(model: String): Provider? = longest(native, model) ?: longest(described(), model)

    private fun builtIn(name: String): Provider? =
        native.firstOrNull { it.answersTo(name) } ?: described().firstOrNull { it.answersTo(name) }

    private fun longest(providers: List<Provider>, model: String): Provider? = providers
        .flatMap { p -> p.modelPrefixes.map { it to p } }
        .filter { NamePattern.begins(model, it.first) }
        .maxByOrNull { it.first.length }
        ?.second
}
