package io.kompletion.providers.gemini

import java.util.concurrent.ThreadLocalRandom

/**
 * Names of tools that Gemini does not take, there and back: a name that begins with a digit or a hyphen goes out behind
 * a prefix, and the prefix is cut off an answer. Nothing has to be remembered for it.
 */
internal object GeminiNames {
    private const val PREFIX = "kompletion_"
    private const val MOST = 128
    private val NOT_ALLOWED = Regex("[^A-Za-z0-9_.:-]")

    fun sent(name: String): String {
        val clean = name.replace(NOT_ALLOWED, "_")
        val needsPrefix = clean.isEmpty() || isOdd(clean) || meant(clean) != clean
        return (if (needsPrefix) PREFIX + clean else clean).take(MOST)
    }

    /** The caller's name for the tool that an answer calls [name]. */
    fun meant(name: String): String {
        if (!name.startsWith(PREFIX)) return name
        val rest = name.substring(PREFIX.length)
        return if (rest.isNotEmpty() && (isOdd(rest) || rest.startsWith(PREFIX))) rest else name
    }

    private fun isOdd(name: String) = name[0] in '0'..'9' || name[0] == '-'
}

/** Ids for tool calls that came without one. They are told apart from Gemini's own, because they do not go back. */
internal object GeminiIds {
    private const val PREFIX = "call_g_"
    private const val TAIL = 16

    /** The id of the call at [index] of choice [choice] of the answer that Gemini calls [answer]. */
    fun of(answer: String, choice: Int, index: Int): String {
        val place = if (choice == 0) "$index" else "${choice}_$index"
        return "$PREFIX${answer.takeLast(TAIL)}_$place"
    }

    fun isMade(id: String): Boolean = id.startsWith(PREFIX)

    /** A name for an answer that has none. */
    fun random(): String = java.lang.Long.toHexString(ThreadLocalRandom.current().nextLong())
}
