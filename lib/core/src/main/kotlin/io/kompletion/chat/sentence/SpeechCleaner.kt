package io.kompletion.chat.sentence

/**
 * Turns the raw stretch of a sentence into what is spoken. The marks of lines (headings, bullets, quotes, fences,
 * tables, rules) are taken off here, those within a line by [InlineCleaner]. It remembers where in a line the last
 * stretch ended and which emphasis is open.
 */
internal class SpeechCleaner(private val options: SentenceOptions) {
    private val inline = InlineCleaner(options)
    private var atLineStart = true

    fun reset() {
        atLineStart = true
        inline.reset()
    }

    /** What is spoken of [piece]; [last] tells that no more of the text follows. */
    fun clean(piece: String, last: Boolean): String {
        if (!options.cleanSentences) return joinIdeographs(withoutSilentTags(piece).trim())
        val said = withoutSilentTags(piece)
        val spoken = when {
            options.cleanMarkdown -> inline.clean(withoutBlockMarks(said), last || piece.endsWith('\n'))
            options.cleanEmoji -> InlineCleaner.literal(said)
            else -> said
        }
        return joinLines(spoken).takeUnless { options.cleanEmoji && isLeftOver(it, piece) } ?: ""
    }

    // Punctuation that only belonged to a picture.
    private fun isLeftOver(text: String, piece: String) =
        text.none { it.isLetterOrDigit() } && piece.indices.any { Emoji.end(piece, it) > it }

    private fun withoutBlockMarks(piece: String): String {
        val out = StringBuilder(piece.length)
        var at = 0
        var fence: String? = null
        while (at < piece.length) {
            val end = piece.indexOf('\n', at).let { if (it < 0) piece.length else it }
            val line = piece.substring(at, end)
            val opened = fence
            when {
                opened != null -> fence = fenceBody(opened, line, out)

                atLineStart ->
                    fence =
                        Fences.opening(line)?.also { sayCode(out) } ?: null.also { BlockLine.strip(line, options, out) }

                else -> out.append(line)
            }
            if (end < piece.length) out.append('\n')
            atLineStart = end < piece.length
            at = end + 1
        }
        return out.toString()
    }

    private fun sayCode(out: StringBuilder) {
        if (!options.speakCode) options.codePhrase?.let { out.append(it) }
    }

    private fun fenceBody(fence: String, line: String, out: StringBuilder): String? {
        if (Fences.closes(line, fence)) return null
        if (options.speakCode) out.append(if (options.cleanEmoji) InlineCleaner.literal(line) else line)
        return fence
    }

    // White space becomes one space, and nothing between ideographs.
    private fun joinLines(text: String): String {
        val out = StringBuilder(text.length)
        var gap = false
        var lineGap = false
        for (c in text) {
            if (c.isWhitespace()) {
                gap = true
                lineGap = lineGap || c == '\n'
                continue
            }
            val joins = lineGap && out.isNotEmpty() && isIdeographic(out.last()) && isIdeographic(c)
            if (gap && out.isNotEmpty() && !joins) out.append(' ')
            gap = false
            lineGap = false
            out.append(c)
        }
        return out.toString()
    }

    // A line that wraps between ideographs has no space there.
    private fun joinIdeographs(text: String): String {
        if ('\n' !in text) return text
        val out = StringBuilder(text.length)
        for ((index, c) in text.withIndex()) {
            val wraps = c == '\n' && out.isNotEmpty() && isIdeographic(out.last())
            if (!(wraps && isIdeographic(text[index + 1]))) out.append(c)
        }
        return out.toString()
    }

    private fun withoutSilentTags(piece: String): String {
        if ('<' !in piece) return piece
        var text = piece
        for (name in SPOKEN_NEVER) text = without(text, name)
        return text
    }

    private fun without(text: String, name: String): String {
        var open = openingOf(text, name, 0)
        if (open < 0) return text
        val out = StringBuilder(text.length)
        var at = 0
        while (open >= 0) {
            out.append(text, at, open)
            val close = text.indexOf("</$name>", open, ignoreCase = true)
            at = if (close < 0) text.length else close + name.length + 3
            open = openingOf(text, name, at)
        }
        return out.append(text, at, text.length).toString()
    }

    private fun openingOf(text: String, name: String, from: Int): Int {
        var at = text.indexOf("<$name", from, ignoreCase = true)
        while (at >= 0 && text.getOrElse(at + name.length + 1) { ' ' }.let { Tags.isNamePart(it) }) {
            at = text.indexOf("<$name", at + 1, ignoreCase = true)
        }
        return at
    }

    private companion object {
        val SPOKEN_NEVER = listOf("think", "thinking", "thought")
    }
}
