package io.kompletion.internal.price

/**
 * A family of models and the one of them that stands for those that are not listed.
 *
 * @property pattern how its names begin; `#` stands for digits, and a name goes on with something else than a letter or a
 *   digit, unless the pattern itself ends so
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
    fun holds(name: String): Boolean {
        var at = 0
        for (c in pattern) {
            if (c == '#') {
                val start = at
                while (at < name.length && name[at].isDigit()) at++
                if (at == start) return false
            } else if (at < name.length && name[at] == c) {
                at++
            } else {
                return false
            }
        }
        return at == name.length || !name[at].isLetterOrDigit() || !name[at - 1].isLetterOrDigit()
    }
}
