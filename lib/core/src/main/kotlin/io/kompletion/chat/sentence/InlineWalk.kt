package io.kompletion.chat.sentence

/** One walk over a text that collects what is spoken in [out] and the runs of emphasis marks in [emphasis]. */
internal class InlineWalk(
    private val text: String,
    private val options: SentenceOptions,
    val emphasis: Emphasis,
    private val depth: Int,
) {
    val out = StringBuilder(text.length)
    private var at = 0
    private var unclosedTicks = 0
    private var noMoreStruck = false

    fun run() {
        while (at < text.length) {
            val next = when (text[at]) {
                '\\' -> escape()
                '`' -> code()
                '!' -> if (text.getOrNull(at + 1) == '[') link(at + 1, image = true) else at
                '[' -> link(at, image = false)
                '<' -> tag()
                '&' -> entity()
                '~' -> struck()
                '*', '_' -> marks()
                'h', 'w' -> address()
                '’' -> apostrophe()
                else -> if (options.cleanEmoji) Emoji.end(text, at) else at
            }
            if (next > at) at = next else out.append(text[at++])
        }
    }

    private fun escape(): Int {
        val next = text.getOrNull(at + 1) ?: return at
        if (next !in "*_`#[]~>|") return at
        out.append(next)
        return at + 2
    }

    private fun code(): Int {
        var start = at
        while (start < text.length && text[start] == '`') start++
        val ticks = start - at
        if (ticks < 32 && unclosedTicks and (1 shl ticks) != 0) return literal(start)
        var close = text.indexOf('`', start)
        while (close >= 0) {
            var end = close
            while (end < text.length && text[end] == '`') end++
            if (end - close == ticks) {
                out.append(spoken(text.substring(start, close)).trim())
                return end
            }
            close = text.indexOf('`', end)
        }
        if (ticks < 32) unclosedTicks = unclosedTicks or (1 shl ticks)
        return literal(start)
    }

    private fun spoken(code: String) = if (options.cleanEmoji) InlineCleaner.literal(code) else code

    private fun literal(end: Int): Int {
        out.append(text, at, end)
        return end
    }

    private fun link(open: Int, image: Boolean): Int {
        val link = if (depth < DEEPEST) Links.at(text, open) else null
        if (link == null) return at
        if (link.isFootnote) return link.end
        val title = if (image && link.label.isBlank()) link.title else link.label
        val inner = InlineWalk(title, options, Emphasis(), depth + 1)
        inner.run()
        out.append(inner.emphasis.resolve(inner.out, closed = true))
        return link.end
    }

    private fun tag(): Int {
        if (text.startsWith("<!--", at)) return text.indexOf("-->", at).let { if (it < 0) text.length else it + 3 }
        val address = Links.bracketed(text, at)
        if (address > at) {
            out.append(Links.spoken(text.substring(at + 1, address - 1), options))
            return address
        }
        val end = HtmlTags.end(text, at)
        if (end > at && HtmlTags.breaks(text, at)) out.append(' ')
        return end
    }

    private fun entity(): Int {
        val reach = at + 2..minOf(text.length - 1, at + Entities.LONGEST)
        val end = reach.firstOrNull { text[it] == ';' } ?: return at
        val spoken = Entities.decode(text.substring(at + 1, end)) ?: return at
        out.append(spoken)
        return end + 1
    }

    private fun struck(): Int {
        if (!text.startsWith("~~", at)) return at
        val first = text.getOrNull(at + 2) ?: return at
        if (first == '~' || first.isWhitespace()) return at
        if (noMoreStruck) return at
        val close = text.indexOf("~~", at + 2)
        noMoreStruck = close < 0
        if (close < 0 || text[close - 1].isWhitespace() || (at until close).any { text[it] == '\n' }) return at
        return close + 2
    }

    private fun marks(): Int {
        val mark = text[at]
        var end = at
        while (end < text.length && text[end] == mark) end++
        emphasis.add(text, at, end, out.length)
        return literal(end)
    }

    private fun address(): Int {
        if (at > 0 && text[at - 1].isLetterOrDigit()) return at
        val end = Links.bareEnd(text, at)
        if (end > at) out.append(Links.spoken(text.substring(at, end), options))
        return end
    }

    private fun apostrophe(): Int {
        val before = text.getOrNull(at - 1)
        val after = text.getOrNull(at + 1)
        if (before?.isLetter() != true || after?.isLetter() != true) return at
        out.append('\'')
        return at + 1
    }

    private companion object {
        const val DEEPEST = 4
    }
}
