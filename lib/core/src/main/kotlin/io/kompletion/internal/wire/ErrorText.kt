package io.kompletion.internal.wire

/** What to show of a body that is no JSON error: the title of an HTML page, or the beginning of anything else. */
internal object ErrorText {
    private const val LIMIT = 300

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

    fun looksLikeHtml(text: String): Boolean =
        text.startsWith("<!doctype", ignoreCase = true) || text.startsWith("<html", ignoreCase = true) ||
            text.startsWith("<head", true)

    private val WHITE = Regex("\\s+")
}
