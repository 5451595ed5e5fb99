package io.kompletion.chat.sentence

/** One line of markdown without the marks of its block. */
internal object BlockLine {
    private const val INDENT = 4
    private const val LONGEST_HEADING = 6

    /** Appends what is spoken of [line] to [out]. */
    fun strip(line: String, options: SentenceOptions, out: StringBuilder) {
        var text = line.trim { isSpace(it) }
        val indented = line.takeWhile { it == ' ' || it == '\t' }.let { it.length >= INDENT || '\t' in it }
        while (text.startsWith('>')) text = text.substring(1).trimStart()
        when {
            !indented && isRule(text) -> return
            isUnderline(text) || isDefinition(text) -> return
            text.startsWith('|') -> row(text, options, out)
            else -> out.append(withoutItemMark(withoutHeading(text)))
        }
    }

    private fun isRule(text: String): Boolean {
        val mark = text.firstOrNull() ?: return false
        if (mark !in "-*_") return false
        return text.count { it == mark } >= 3 && text.all { it == mark || isSpace(it) }
    }

    private fun isUnderline(text: String) = text.length > 1 && text.all { it == '=' }

    // [label]: https://address
    private fun isDefinition(text: String): Boolean {
        val close = text.indexOf("]:")
        return text.startsWith('[') && close > 1 && '[' !in text.substring(1, close) && "://" in text.substring(close)
    }

    private fun withoutHeading(text: String): String {
        val level = text.takeWhile { it == '#' }.length
        if (level !in 1..LONGEST_HEADING || (text.length > level && !isSpace(text[level]))) return text
        val title = text.substring(level).trim()
        val bare = title.trimEnd('#')
        return if (bare.isEmpty() || isSpace(bare.last())) bare.trimEnd() else title
    }

    private fun withoutItemMark(text: String): String {
        val first = text.firstOrNull() ?: return text
        val isItem = isBullet(first) && (text.length == 1 || isSpace(text[1]))
        val bare = if (isItem || isRoundBullet(first)) text.substring(1).trimStart() else return text
        return if (bare.startsWith("[ ] ") || bare.startsWith("[x] ") ||
            bare.startsWith("[X] ")
        ) {
            bare.substring(INDENT)
        } else {
            bare
        }
    }

    private fun row(text: String, options: SentenceOptions, out: StringBuilder) {
        if (!options.speakTables || text.all { it in "|:-" || isSpace(it) }) return
        out.append(text.split('|').map { it.trim() }.filter { it.isNotEmpty() }.joinToString(", "))
    }
}
