package io.kompletion.chat.sentence

/**
 * Which asterisks and underscores are emphasis and which are text: `**bold**` is, `2 * 3`, `snake_case` and `x**2` are
 * not. A bold run may go on over several sentences.
 */
internal class Emphasis {
    private val runs = ArrayList<Run>()
    private var carried = ""

    private class Run(val position: Int, val mark: Char, val length: Int, val opens: Boolean, val closes: Boolean) {
        var left = length
        var taken = 0
        var isFirst = false
        var startsIdentifier = false
    }

    fun reset() {
        runs.clear()
        carried = ""
    }

    /** Takes note of the marks from [start] to [end] of [text], which stand at [position] of what is spoken. */
    fun add(text: String, start: Int, end: Int, position: Int) {
        val mark = text[start]
        val before = text.getOrElse(start - 1) { ' ' }
        val after = text.getOrElse(end) { ' ' }
        val startsWord = before !in WORD_END && !before.isLetterOrDigit()
        val opens = !after.isWhitespace() && (startsWord || joins(mark, before, text, end))
        val endsWord = !after.isLetterOrDigit() || isStrong(mark, end - start)
        val closes = !before.isWhitespace() && (endsWord || joins(mark, after, text, end))
        val leftPunctuation = isPunctuation(after) && !(before.isWhitespace() || isPunctuation(before))
        val rightPunctuation = isPunctuation(before) && !(after.isWhitespace() || isPunctuation(after))
        val run = Run(position, mark, end - start, opens && !leftPunctuation, closes && !rightPunctuation)
        run.isFirst = runs.isEmpty() && (0 until start).all { text[it].isWhitespace() }
        run.startsIdentifier = mark == '_' && end - start == 2 && isIdentifier(text, end)
        runs += run
    }

    private fun isStrong(mark: Char, length: Int) = mark == '*' && length == 2

    // Asterisks may touch ideographs, Hangul and Thai.
    private fun joins(mark: Char, neighbour: Char, text: String, end: Int): Boolean {
        val isThai = neighbour in '\u0E00'..'\u0E7F'
        if (mark != '*' || !(isIdeographic(neighbour) || isHangul(neighbour) || isThai)) return false
        val single = text[end - 1] == '*' && text.getOrNull(end - 2) != '*'
        return !single || !isHan(text.getOrElse(end) { ' ' }) || hasParticle(text, end)
    }

    // 这是*重要*的 is emphasis, 力*質量*時間 is a product.
    private fun hasParticle(text: String, end: Int): Boolean {
        val after = text[end]
        if (after in "的了是和在也都与或") return true
        val close = (end until minOf(text.length, end + LONGEST_NAME)).firstOrNull { text[it] == '*' }
        return close != null && text.getOrElse(close + 1) { ' ' }.let { it in "的了是和在也都与或" || !isHan(it) }
    }

    // __init__ and the like are names.
    private fun isIdentifier(text: String, from: Int): Boolean {
        var at = from
        while (at < text.length && at - from < LONGEST_NAME &&
            (text[at] in 'a'..'z' || text[at] == '_' || text[at].isDigit())
        ) {
            at++
        }
        return at > from + 2 && text[at - 1] == '_' && text[at - 2] == '_'
    }

    private fun isPunctuation(c: Char) = !c.isLetterOrDigit() && !c.isWhitespace()

    /** [spoken] without the marks that are emphasis. */
    fun resolve(spoken: StringBuilder, closed: Boolean): String {
        if (runs.isEmpty()) {
            if (closed) carried = ""
            return spoken.toString()
        }
        val open = ArrayList<Run>()
        for (run in runs) resolve(run, open)
        carried = if (closed) "" else carry(open)
        val out = StringBuilder(spoken.length)
        var at = 0
        for (run in runs) {
            out.append(spoken, at, run.position + run.length - run.taken)
            at = run.position + run.length
        }
        runs.clear()
        return out.append(spoken, at, spoken.length).toString()
    }

    private fun resolve(run: Run, open: MutableList<Run>) {
        if (run.length > LONGEST || run.startsIdentifier) return
        if (run.closes) {
            while (run.left > 0) {
                val index = open.indexOfLast { it.mark == run.mark && fits(it, run) }
                if (index < 0) break
                val opener = open[index]
                val count = minOf(opener.left, run.left)
                opener.left -= count
                opener.taken += count
                run.left -= count
                run.taken += count
                while (open.size > index + 1) open.removeAt(open.size - 1)
                if (opener.left == 0) open.removeAt(index)
            }
            val rest = CharArray(run.left) { run.mark }.concatToString()
            if (run.left > 0 && carried.isNotEmpty() && carried == rest) {
                run.taken += run.left
                run.left = 0
                carried = ""
            }
        }
        if (run.left == run.length && run.opens && open.size < DEEPEST) open += run
    }

    private fun fits(opener: Run, closer: Run): Boolean =
        opener.left == closer.left || opener.left == LONGEST || closer.left == LONGEST

    // A strong opener without an end goes on in the next sentence, a weak one only if it began this one.
    private fun carry(open: List<Run>): String {
        val run = open.lastOrNull { it.left == it.length && (it.length >= 2 || it.isFirst) } ?: return carried
        run.taken = run.length
        return CharArray(run.length) { run.mark }.concatToString()
    }

    private companion object {
        const val LONGEST = 3
        const val DEEPEST = 32
        const val LONGEST_NAME = 64
        const val WORD_END = ")]"
    }
}
