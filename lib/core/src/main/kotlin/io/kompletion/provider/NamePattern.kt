package io.kompletion.provider

/**
 * How the names of models begin. `#` stands for digits; a name goes on with something else than a letter or a digit,
 * unless the pattern itself ends with such: `o#` means `o3` and `o3-mini`, not `olmo` or `o3x`.
 */
internal object NamePattern {
    fun begins(name: String, pattern: String): Boolean {
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
