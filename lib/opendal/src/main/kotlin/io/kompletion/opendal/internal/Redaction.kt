package io.kompletion.opendal.internal

import org.apache.opendal.OpenDALException

/** Says what OpenDAL complains about, without anything that could be a value of the settings. */
internal class Redaction(config: Map<String, String>) {
    private val values = config.values.filter { it.isNotEmpty() }
    private val words = values.flatMapTo(HashSet(), ::words)

    /** The code and, when nothing in it is part of a value, the first line of the message. */
    fun summary(failure: OpenDALException): String {
        val code = failure.code.name
        val line = failure.message.orEmpty().lineSequence().first().substringAfter(REASON, "").trim().take(MOST_SHOWN)
        return if (line.isEmpty() || tells(line)) code else "$code, $line"
    }

    private fun tells(line: String) =
        values.any { line.contains(it, ignoreCase = true) } || words(line).any { it in words }

    private fun words(text: String) = text.split(*SEPARATORS).map { it.lowercase() }.filter { it.length > 2 }

    private companion object {
        /** Stands before the reason; before it come the code and the operation, behind the line the place. */
        const val REASON = "=>"
        const val MOST_SHOWN = 200
        val SEPARATORS = " \t:/@?&=,;.\"'`()[]{}<>#%".toCharArray()
    }
}
