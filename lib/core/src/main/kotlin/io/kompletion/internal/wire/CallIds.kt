package io.kompletion.internal.wire

import io.kompletion.chat.Warning

/**
 * Names and ids of calls that other providers gave, in the letters that a protocol takes; the same everywhere.
 *
 * @param fit makes an id that is taken out of any
 */
internal class CallIds(
    private val warnings: MutableList<Warning>,
    private val fit: (String) -> String = { it.replace(NOT_ALLOWED, "_").ifEmpty { "_" } },
) {
    private val known = HashMap<String, String>()
    private val taken = HashSet<String>()

    fun of(id: String, place: String): String = known.getOrPut(id) {
        val base = fit(id)
        val free = generateSequence(0) { it + 1 }.map { if (it == 0) base else "${base}_$it" }.first(taken::add)
        if (free != id) warnings += Warning("$place.id", "mapped", "sent as \"$free\"")
        free
    }

    fun name(name: String, place: String): String {
        val sent = name.replace(NOT_ALLOWED, "_").take(MOST)
        if (sent != name) warnings += Warning("$place.name", "mapped", "sent as \"$sent\"")
        return sent
    }

    private companion object {
        const val MOST = 64
        val NOT_ALLOWED = Regex("[^a-zA-Z0-9_-]")
    }
}
