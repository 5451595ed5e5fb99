package io.kompletion.internal.price

import io.kompletion.provider.NamePattern

/**
 * A family of models and the one of them that stands for those that are not listed.
 *
 * @property pattern how its names begin, a [NamePattern]
 * @property provider of the model that stands for the family
 * @property homes the providers at which limits and what is built round a model are the same
 */
internal class ModelFamily(
    val pattern: String,
    val provider: String,
    val model: String,
    val homes: Set<String>,
) {
    /** Whether [name], in small letters and without where it runs, is one of the family. */
    fun holds(name: String): Boolean = NamePattern.begins(name, pattern)
}
