package io.kompletion.internal.call

import io.kompletion.catalog.ModelCapabilities
import io.kompletion.catalog.ModelInfo
import io.kompletion.internal.price.Catalog
import io.kompletion.internal.route.RouteTable

/** Answers questions about models by the names that calls have for them. */
internal class ModelQuestions(private val routes: RouteTable, private val catalog: Catalog) {
    fun info(name: String): ModelInfo? {
        val wanted = name.trim()
        routes.meant(wanted)?.let { (provider, model) -> return catalog.info(provider.id.value, model) }
        // Nobody answers calls under this name; the catalogue may know it all the same.
        val slash = wanted.indexOf('/')
        if (slash <= 0 || slash == wanted.length - 1) return null
        return catalog.info(routes.canonical(wanted.substring(0, slash)), wanted.substring(slash + 1))
    }

    fun capabilities(name: String): ModelCapabilities = info(name)?.capabilities ?: ModelCapabilities.UNKNOWN
}
