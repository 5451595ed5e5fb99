package io.kompletion.chat.sentence

/** What markdown makes of a line, by its first characters. */
internal object LineKind {
    private const val LONGEST_HEADING = 6
    private const val FENCE = 3

    /** Whether a line whose first visible character is at [index] is an item, a heading, a row, a rule or a quote. */
    fun startsBlock(window: TextWindow, index: Int): Boolean {
        val c = window.peek(index)
        return when {
            c == '#' -> isHeading(window, index)
            c == '|' -> true
            c == '>' -> true
            c == '`' || c == '~' -> fenceAt(window, index) > 0
            c == '=' -> window.peek(index + 1) == '=' && window.peek(index + 2) == '='
            isRoundBullet(c) -> true
            c == '-' || c == '*' || c == '+' || c == '_' -> isBulletOrRule(window, index)
            c.isLetterOrDigit() || c == '(' -> isNumbered(window, index)
            else -> false
        }
    }

    /** How many marks open a fence at [index]; 0 when there is none. */
    fun fenceAt(window: TextWindow, index: Int): Int {
        val mark = window.peek(index)
        if (mark != '`' && mark != '~') return 0
        var at = index
        while (window.peek(at) == mark) at++
        return if (at - index >= FENCE) at - index else 0
    }

    private fun isHeading(window: TextWindow, index: Int): Boolean {
        var at = index
        while (window.peek(at) == '#') at++
        return at - index <= LONGEST_HEADING && isBlank(window.peek(at))
    }

    private fun isBulletOrRule(window: TextWindow, index: Int): Boolean {
        val mark = window.peek(index)
        if (mark != '_' && isBlank(window.peek(index + 1))) return true
        return window.peek(index + 1) == mark && window.peek(index + 2) == mark
    }

    private fun isNumbered(window: TextWindow, index: Int): Boolean {
        val marker = ListMarker.at(window, index) ?: return false
        return isBlank(window.peek(marker.end)) || marker.shape.startsWith("(") || marker.shape.length > 2 ||
            isIdeographic(window.peek(marker.end))
    }
}
