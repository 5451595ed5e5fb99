package io.kompletion.chat.sentence

/** The word that starts at [start] (behind quotes and brackets) and reaches to [end]. */
internal class NextWord private constructor(private val window: TextWindow, val start: Int, val end: Int) {
    val text: String by lazy { window.slice(start, end).replace('’', '\'') }

    val isCapitalized: Boolean get() = end > start && window.peek(start).isUpperCase()

    /** A roman number, one letter or letters with digits, as in `Fig. S1` or `Art. IV`. */
    val isCode: Boolean
        get() {
            if (end == start) return false
            if (end - start == 1) return window.peek(start).isUpperCase() && text != "I"
            if (text.any { it.isDigit() } && text[0].isUpperCase()) return true
            return text.all { it.isUpperCase() } && ListMarker.romanValue(text.lowercase()) > 0
        }

    /** One capital with a period behind it, or at the end of everything. */
    val isInitial: Boolean
        get() = end - start == 1 && window.peek(start).isUpperCase() &&
            (window.peek(end) == '.' || window.peek(end) == TextWindow.END) && text != "I"

    /** The word behind this one, if only a space stands between. */
    fun following(): NextWord = at(window, if (window.peek(end) == ' ') end + 1 else end)

    companion object {
        private const val LONGEST = 64

        fun at(window: TextWindow, index: Int): NextWord {
            var start = index
            while (start - index < LONGEST &&
                (isOpener(window.peek(start)) || isEmphasisMark(window.peek(start)))
            ) {
                start++
            }
            var end = start
            while (end - start < LONGEST && isWordPart(window.peek(end))) end++
            return NextWord(window, start, end)
        }
    }
}
