package io.kompletion.chat.sentence

/** Reads tags of a finished text, by the rules of [Tags]. */
internal object HtmlTags {
    private const val LONGEST = 250

    /** Where the tag at [open] ends, its silent content included; [open] when there is none. */
    fun end(text: String, open: Int): Int {
        val window = TextWindow()
        window.append(text.substring(open, minOf(text.length, open + LONGEST)))
        window.ended = true
        window.lookFrom(0)
        val end = Tags.end(window, 0)
        if (end < 0) return open
        val name = Tags.name(window, 0)
        val isSilent = name == "script" || name == "style"
        if (!isSilent || text[open + 1] == '/') return open + end
        val close = text.indexOf("</$name>", open, ignoreCase = true)
        return if (close < 0) text.length else close + name.length + 3
    }

    /** Whether words on both sides of the tag at [open] are apart. */
    fun breaks(text: String, open: Int): Boolean =
        listOf("<br", "<p", "</p", "<li", "</li", "<div", "</div", "<td", "<tr").any { text.startsWith(it, open) }
}
