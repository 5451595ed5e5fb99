package io.kompletion.chat.sentence

/** Whether the end of a line ends the sentence. */
internal class NewlineRules(
    private val window: TextWindow,
    private val spans: SpanTracker,
    private val segment: Segment,
) {
    /** For the line end at [index]; [isBlock] tells that the line is a heading, an item, a row or a rule. */
    fun endsAt(index: Int, isBlock: Boolean, lineStart: Int): Boolean {
        var next = index + 1
        while (isSpace(window.peek(next))) next++
        val after = window.peek(next)
        if (after == '\n' || after == TextWindow.END) return true
        if (LineKind.startsBlock(window, next)) return true
        if (spans.isOpen) return false
        if (isBlock) return true
        var last = index - 1
        while (last > segment.start && isSpace(window[last])) last--
        val before = window[last]
        return when {
            last == segment.denied -> false
            Marks.isDefaultStop(before) || isCloser(before) || before in ":：" -> true
            before in ",،、，" -> false
            isIdeographic(after) -> before !in JAPANESE_LINKS
            startsSmall(window, next) -> isFragment(lineStart, index)
            after in '0'..'9' -> false
            else -> true
        }
    }

    // One or two words by themselves are no wrapped line.
    private fun isFragment(lineStart: Int, index: Int): Boolean {
        if (index - lineStart > SHORT_LINE) return false
        return (lineStart until index).count { isSpace(window.peek(it)) } < 2
    }

    private companion object {
        const val SHORT_LINE = 20
        const val JAPANESE_LINKS = "のをへにが"
    }
}
