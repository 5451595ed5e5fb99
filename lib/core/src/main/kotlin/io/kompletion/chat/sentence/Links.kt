package io.kompletion.chat.sentence

/** A link or image: `[label](address "title")`, `[label][reference]`. */
internal class Link(val label: String, val title: String, val end: Int, val isFootnote: Boolean)

/** Reads links and addresses. */
internal object Links {
    private const val LONGEST_LABEL = 400
    private const val LONGEST_ADDRESS = 2_000
    private const val ADDRESS_ENDS = "<>\"“”」）。，、"
    private val SCHEMES = listOf("http://", "https://", "www.")

    /** The link whose label opens at [open], or null. */
    fun at(text: String, open: Int): Link? {
        val close = matching(text, open, '[', ']', LONGEST_LABEL)
        if (close < 0) return null
        val label = text.substring(open + 1, close)
        if (label.startsWith('^')) return Link("", "", close + 1, isFootnote = true)
        return when (text.getOrNull(close + 1)) {
            '(' -> {
                val end = matching(text, close + 1, '(', ')', LONGEST_ADDRESS)
                if (end < 0) null else Link(label, title(text.substring(close + 2, end)), end + 1, false)
            }

            '[' -> {
                val end = matching(text, close + 1, '[', ']', LONGEST_LABEL)
                if (end < 0 || label.isBlank()) null else Link(label, "", end + 1, false)
            }

            else -> null
        }
    }

    private fun title(target: String): String {
        val first = target.indexOf('"')
        val last = target.lastIndexOf('"')
        return if (first in 0 until last) target.substring(first + 1, last) else ""
    }

    private fun matching(text: String, open: Int, opener: Char, closer: Char, longest: Int): Int {
        var depth = 0
        for (at in open until minOf(text.length, open + longest)) {
            val c = text[at]
            if (c == opener) depth++
            if (c == closer && --depth == 0) return at
        }
        return -1
    }

    /** Where `<https://…>` ends that starts at [open]; [open] when there is none. */
    fun bracketed(text: String, open: Int): Int {
        val isAddress = text.startsWith("http", open + 1) || text.startsWith("mailto:", open + 1)
        if (!isAddress) return open
        var close = open
        while (close < text.length && close - open < LONGEST_ADDRESS && text[close] != '>') {
            if (text[close++].isWhitespace()) return open
        }
        return if (text.getOrNull(close) == '>') close + 1 else open
    }

    /** Where the bare web address at [start] ends; [start] when there is none. */
    fun bareEnd(text: String, start: Int): Int {
        if (SCHEMES.none { text.startsWith(it, start) }) return start
        var end = start
        while (end < text.length && !text[end].isWhitespace() && text[end] !in ADDRESS_ENDS && !isWide(text[end])) end++
        while (end > start && isBehindAddress(text, start, end)) end--
        return end
    }

    private fun isBehindAddress(text: String, start: Int, end: Int): Boolean = when (text[end - 1]) {
        '.', ',', ';', ':', '!', '?', '\'', '*', '_', '~', ']' -> true
        ')' -> unbalanced(text, start, end)
        else -> false
    }

    private fun unbalanced(text: String, start: Int, end: Int): Boolean {
        var depth = 0
        for (at in start until end) {
            if (text[at] == '(') {
                depth++
            } else if (text[at] == ')') {
                depth--
            }
        }
        return depth < 0
    }

    /** What is said for [address]. */
    fun spoken(address: String, options: SentenceOptions): String {
        if (address.startsWith("mailto:")) return address.substring("mailto:".length)
        options.linkPhrase?.let { return it }
        return address.substringAfter("://").takeWhile { it != '/' && it != '?' && it != '#' }.removePrefix("www.")
    }
}
