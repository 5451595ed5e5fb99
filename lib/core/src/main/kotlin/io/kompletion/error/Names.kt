package io.kompletion.error

/** Finds the name that somebody meant. */
internal object Names {
    /** The [candidates] nearest to [name], best first: at most [most], none further away than a third of its letters. */
    fun nearest(name: String, candidates: Collection<String>, most: Int = 3): List<String> {
        val wanted = name.lowercase()
        val limit = maxOf(1, wanted.length / 3)
        return candidates.map { it to distance(wanted, it.lowercase()) }
            .filter { it.second <= limit }
            .sortedBy { it.second }
            .take(most)
            .map { it.first }
    }

    /** Edits between two words, where swapping two neighbours is one. */
    fun distance(a: String, b: String): Int {
        var beforeLast = IntArray(b.length + 1)
        var last = IntArray(b.length + 1) { it }
        for (i in 1..a.length) {
            val row = IntArray(b.length + 1)
            row[0] = i
            for (j in 1..b.length) {
                val cost = if (a[i - 1] == b[j - 1]) 0 else 1
                row[j] = minOf(row[j - 1] + 1, last[j] + 1, last[j - 1] + cost)
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
                    a[i - 2] == b[j - 1]
                ) {
                    row[j] = minOf(row[j], beforeLast[j - 2] + 1)
                }
            }
            beforeLast = last
            last = row
        }
        return last[b.length]
    }

    /** ` did you mean "x" or "y"?` or nothing. */
    fun suggestion(name: String, candidates: Collection<String>): String {
        val near = nearest(name, candidates)
        return if (near.isEmpty()) "" else "; did you mean ${near.joinToString(" or ") { "\"$it\"" }}?"
    }
}
