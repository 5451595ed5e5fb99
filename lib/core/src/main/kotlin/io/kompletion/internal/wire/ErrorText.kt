package io.kompletion.internal.wire

import io.kompletion.error.ErrorDetails

/** What to show of a body that is no JSON error: the title of an HTML page, or the beginning of anything else. */
internal object ErrorText {
    private const val LIMIT = 300
    private const val MESSAGE_CHARS = 1000

    fun of(body: String): String {
        val text = body.trim()
        if (!looksLikeHtml(text)) return text.replace(WHITE, " ").take(LIMIT)
        val from = text.indexOf("<title", ignoreCase = true).takeIf { it >= 0 }?.let { text.indexOf('>', it) + 1 } ?: 0
        val to = text.indexOf("</title", from, ignoreCase = true)
        return if (from > 0 &&
            to > from
        ) {
            "HTML page \"${text.substring(from, to).trim().take(LIMIT)}\""
        } else {
            "an HTML page"
        }
    }

    /** The message of an answer outside 2xx in which the server [said] why. */
    fun answered(status: Int, said: String): String =
        "HTTP $status" + if (said.isBlank()) " without a body" else ": ${ErrorDetails.printable(said, MESSAGE_CHARS)}"

    /** The message of an error inside a 200. */
    fun inside(said: String): String = "error in the answer: ${ErrorDetails.printable(said, MESSAGE_CHARS)}"

    fun looksLikeHtml(text: String): Boolean =
        text.startsWith("<!doctype", ignoreCase = true) || text.startsWith("<html", ignoreCase = true) ||
            text.startsWith("<head", true)

    private val WHITE = Regex("\\s+")
}
