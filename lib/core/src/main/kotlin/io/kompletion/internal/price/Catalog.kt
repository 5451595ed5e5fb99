package io.kompletion.internal.price

import io.kompletion.catalog.ModelInfo
import java.util.concurrent.ConcurrentHashMap

/**
 * The models of one client: what it was built with, above what it has loaded, above what comes with the library.
 *
 * Thread-safe; a load is seen by every question after it, whole. Nothing is read before the first question.
 *
 * @param overrides what the client was built with
 * @param canonical the id of a provider under any of its names
 */
internal class Catalog(
    private val overrides: List<ModelInfo>,
    private val canonical: (String) -> String,
    private val builtIn: BuiltInModels = BuiltInModels(),
) {
    private val own: ModelTable by lazy { ModelTable.of(overrides, canonical) }

    @Volatile
    private var view = View(ModelTable.EMPTY, null)

    val rules: CatalogRules get() = view.rules

    /** Puts [document] in the place of all that was loaded before. */
    fun load(document: CatalogDocument) {
        view = View(ModelTable.of(document.models, canonical), document.rules)
    }

    /** What is known of exactly this model; the only way to a price. */
    fun listed(provider: String, model: String): ModelInfo? = view.listed(provider, model)

    /** What is known of a model, or what its family makes one expect; null for a stranger. */
    fun info(provider: String, model: String): ModelInfo? = view.info(provider, model)

    /** Whether both are names of one model, so that one was asked for and the other answers. */
    fun isSame(asked: String, answering: String): Boolean = view.names.run { family(asked) == family(answering) }

    /** All tables as they are between two loads. */
    private inner class View(private val loaded: ModelTable, given: CatalogRules?) {
        val rules: CatalogRules by lazy { given ?: builtIn.rules }
        val names by lazy { ModelNames(rules.regions) }
        private val bases = ConcurrentHashMap<String, Map<String, ModelInfo>>()

        fun listed(provider: String, model: String): ModelInfo? {
            val tables = listOf(own, loaded, builtIn).map { it.of(provider) }
            val key = model.tableKey()
            val said = tables.mapNotNull { it[key] }.ifEmpty { tables.mapNotNull { it[ANY] } }
            return said.reduceOrNull { above, below -> above.over(below) }?.named(provider, model)
        }

        fun info(provider: String, model: String): ModelInfo? = listed(provider, model)
            ?: sameBase(provider, model)?.asFamilyOf(provider, model, isAtHome = true)
            ?: family(provider, model)

        /** The shortest of several names with one base stands for it, as the one without date or region; else the last. */
        private fun sameBase(provider: String, model: String): ModelInfo? {
            val known = bases.getOrPut(provider) {
                val models = builtIn.of(provider) + loaded.of(provider)
                models.values.sortedByDescending { it.model.length }.associateBy { names.base(it.model) }
            }
            return known[names.base(model)]?.let { listed(provider, it.model) }
        }

        private fun family(provider: String, model: String): ModelInfo? {
            val name = names.family(model)
            val family = rules.families.filter { it.holds(name) }.maxByOrNull { it.pattern.length } ?: return null
            return listed(family.provider, family.model)?.asFamilyOf(provider, model, provider in family.homes)
        }
    }

    private companion object {
        /** Stands for every model of a provider that is not listed. */
        const val ANY = "*"
    }
}
