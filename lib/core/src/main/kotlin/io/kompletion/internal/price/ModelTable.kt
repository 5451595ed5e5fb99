package io.kompletion.internal.price

import io.kompletion.catalog.ModelInfo
import java.util.Locale

/** Models by provider and name; the case of a name does not count. */
internal fun interface ModelTable {
    /** The models of one provider by their [tableKey]. */
    fun of(provider: String): Map<String, ModelInfo>

    companion object {
        val EMPTY = ModelTable { emptyMap() }

        /** [models] under the ids that [canonical] gives for the names of their providers; the last of a name counts. */
        fun of(models: List<ModelInfo>, canonical: (String) -> String): ModelTable {
            val names = models.map { it.provider }.distinct().associateWith(canonical)
            val tables = models.groupBy { names.getValue(it.provider) }
                .mapValues { (_, own) -> own.associateBy { it.model.tableKey() } }
            return ModelTable { tables[it].orEmpty() }
        }
    }
}

internal fun String.tableKey(): String = lowercase(Locale.ROOT)
