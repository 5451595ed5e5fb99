package io.kompletion.chat.sentence

/** What stands right before a period: letters, digits and dots up to a space, a bracket or a quote. */
internal class TokenBefore private constructor(private val window: TextWindow, val start: Int, val end: Int) {
    val text: String = window.slice(start, end)

    val isEmpty: Boolean get() = text.isEmpty()

    /** `U.S`, `a.m`, `Ph.D`: short parts with dots between them. */
    val isDotted: Boolean
        get() = text.length > 2 && text.split('.').let { parts ->
            parts.size > 1 && parts.all { part -> part in LONG_PARTS || isShort(part) }
        }

    private fun isShort(part: String) = part.length in 1..2 && part.all { it.isLetter() }

    val isSingleCapital: Boolean get() = text.length == 1 && text[0].isUpperCase()

    val isSingleLetter: Boolean get() = text.length == 1 && isCased(text[0])

    val isNumber: Boolean
        get() = text.isNotEmpty() && text[0].isDigit() && text.all { it.isDigit() || it == '.' || it == ',' }

    /** Capital and consonants only, as abbreviated ranks and titles are. */
    val isConsonants: Boolean
        get() = isCyrillicConsonants || (
            text.length in 2..MOST_CONSONANTS && text[0].isUpperCase() && text[0] !in "AEIOUY" &&
                text.drop(1).all { it in "bcdfghjklmnpqrstvwxz" }
            )

    private val isCyrillicConsonants: Boolean
        get() = text.length <= MOST_CONSONANTS && text.all { it in "бвгджзклмнпрстфхцчшщ" }

    val isTimeOfDay: Boolean
        get() {
            val letters = text.trimStart { it.isDigit() || it == ':' }.lowercase()
            return letters == "a.m" || letters == "p.m"
        }

    val isCapitalized: Boolean
        get() = text.length in 2..MOST_LETTERS && text[0].isUpperCase() && text.all { it.isLetter() }

    /** Plurals of initials, as in `EE. UU.` */
    val isDoubled: Boolean get() = text.length == 2 && text[0].isUpperCase() && text[0] == text[1]

    val isEra: Boolean get() = text in ERAS

    val isDegree: Boolean get() = text in DEGREES

    /** The word before this one, in its letters. */
    fun previousWord(from: Int): String {
        var to = start
        while (to > from && !isWordPart(window[to - 1])) if (!isSpace(window[to - 1])) return "" else to--
        var first = to
        while (first > from && to - first < LONGEST && isWordPart(window[first - 1])) first--
        return window.slice(first, to)
    }

    companion object {
        private const val LONGEST = 40
        private const val LONGEST_ELISION = 6
        private const val MOST_LETTERS = 7
        private const val MOST_CONSONANTS = 5
        private val ERAS = setOf("B.C", "A.D", "C.E", "B.C.E", "a.d", "b.c", "n.Chr", "v.Chr")
        private val DEGREES = "Ph.D M.D J.D B.A M.A B.S M.S B.Sc M.Sc M.B.A LL.B LL.M D.D.S".split(' ').toHashSet()
        private val LONG_PARTS = setOf("Phil", "phil", "Sci", "Eng", "ra", "na", "Chr", "chr", "ssa")

        fun at(window: TextWindow, from: Int, end: Int): TokenBefore {
            var start = end
            while (start > from && end - start < LONGEST && isTokenPart(window[start - 1])) start--
            while (start < end && window[start] in "'’_*#,-\u0022") start++
            val elided = (start until minOf(end - 2, start + LONGEST_ELISION)).firstOrNull { window[it] in "'’" }
            if (elided != null) start = elided + 1
            return TokenBefore(window, start, end)
        }

        private fun isTokenPart(c: Char) =
            c.isLetterOrDigit() || c in ".'’-&§°º²³%,:/@_+=#$€£~\\" || c in '\u0300'..'\u036F'
    }
}
