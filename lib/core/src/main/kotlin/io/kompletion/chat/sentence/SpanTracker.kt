package io.kompletion.chat.sentence

/**
 * Which quotes and brackets are open. A sentence does not end inside of them, but they are given up after
 * [PATIENCE] characters, because a forgotten quote must not hold up the voice.
 */
internal class SpanTracker(private val window: TextWindow) {
    private val closers = CharArray(DEPTH)
    private var depth = 0
    private var opened = 0

    val isOpen: Boolean get() = depth > 0

    fun clear() {
        depth = 0
    }

    /** Takes note of the character at [index]; may need the one behind it. */
    fun accept(index: Int) {
        if (depth > 0 && window.base + index - opened > PATIENCE) depth = 0
        val c = window[index]
        when {
            c.isLetterOrDigit() || c == ' ' -> return
            c == '\n' -> forget('`')
            closes(c, index) -> if (!window.starved) close(c)
            else -> opens(c, index)?.let { if (!window.starved) push(it, index) }
        }
    }

    /** Whether nothing is open any more behind the closers from [from] to [to]. */
    fun settledBy(from: Int, to: Int): Boolean {
        var left = depth
        for (index in from until to) {
            for (open in left - 1 downTo 0) {
                if (fits(closers[open], window[index])) {
                    left = open
                    break
                }
            }
        }
        return left == 0
    }

    fun isOpen(closer: Char): Boolean {
        for (open in 0 until depth) if (fits(closers[open], closer)) return true
        return false
    }

    private fun closes(c: Char, index: Int): Boolean = when {
        depth == 0 || !isOpen(c) -> false
        c == '\'' || c == '’' -> !isBlank(window.peek(index - 1)) && !isApostropheWord(window.peek(index + 1))
        else -> true
    }

    // Korean particles stand right behind a closing quote.
    private fun isApostropheWord(next: Char) = next.isLetterOrDigit() && !isHangul(next) && !isIdeographic(next)

    private fun close(c: Char) {
        for (open in depth - 1 downTo 0) {
            if (fits(closers[open], c)) {
                depth = open
                return
            }
        }
    }

    private fun opens(c: Char, index: Int): Char? = when (c) {
        '(' -> ')'.takeUnless { window.peek(index - 1) in ":;=-" }
        '[' -> ']'
        '{' -> '}'
        '«' -> '»'
        '»' -> '«'.takeIf { startsWord(index) }
        '“' -> '”'
        '„' -> '“'
        ',' -> '“'.takeIf { window.peek(index - 1) == ',' && window.peek(index + 1).isLetter() }
        '‘' -> '’'
        '「' -> '」'
        '『' -> '』'
        '（' -> '）'
        '《' -> '》'
        '【' -> '】'
        '"' -> '"'.takeIf { startsWord(index) || isWide(window.peek(index - 1)) }
        '\'' -> '\''.takeIf { startsWord(index) && window.peek(index + 1).isLetter() && !isElision(index + 1) }
        '`' -> '`'
        else -> null
    }

    private fun startsWord(index: Int): Boolean {
        val before = window.peek(index - 1)
        return before == TextWindow.END || isBlank(before) || isOpener(before) || before in "—–-,*_>:=/"
    }

    private fun isElision(index: Int): Boolean = ELISIONS.any {
        window.matches(index, it) && !window.peek(index + it.length).isLetter()
    }

    private fun push(closer: Char, index: Int) {
        if (depth == DEPTH) return
        if (depth == 0) opened = window.base + index
        closers[depth++] = closer
    }

    private fun forget(closer: Char) {
        if (isOpen(closer)) close(closer)
    }

    private fun fits(expected: Char, c: Char): Boolean = expected == c ||
        when (expected) {
            '“' -> c == '”' || c == '"'
            '”' -> c == '"'
            '’' -> c == '\''
            ')' -> c == '）'
            '）' -> c == ')'
            else -> false
        }

    private companion object {
        const val DEPTH = 16
        const val PATIENCE = 240
        val ELISIONS = listOf("tis", "twas", "em", "cause", "til", "bout", "nineties", "eighties", "n", "cos")
    }
}
