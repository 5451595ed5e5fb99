package io.kompletion.chat.sentence

/**
 * The number of a list item: `1.`, `1)`, `1.)`, `(1)`, `a.`, `iv)`, also behind a bullet.
 *
 * @property shape what stands around the number; markers of one list have the same
 * @property ordinal which item it is, by number or letter
 * @property roman which item it is as a roman number, or 0
 */
internal data class ListMarker(val shape: String, val ordinal: Int, val roman: Int, val end: Int) {
    fun isFollowedBy(next: ListMarker): Boolean = shape == next.shape &&
        (next.ordinal == ordinal + 1 || (roman > 0 && next.roman == roman + 1))

    /** Whether it could be the initial of a name. */
    val isInitial: Boolean get() = shape == ".A"

    companion object {
        private const val LONGEST = 4

        /** The marker that starts at [index], or null. */
        fun at(window: TextWindow, index: Int): ListMarker? {
            var at = index
            val shape = StringBuilder()
            if (isRoundBullet(window.peek(at))) {
                shape.append(window.peek(at++))
                while (window.peek(at) == ' ') at++
            }
            val bracket = window.peek(at) == '(' || window.peek(at) == '（'
            if (bracket) shape.append('(').also { at++ }
            val first = at
            while (at - first < LONGEST && window.peek(at).isLetterOrDigit()) at++
            if (at == first) return null
            val number = CharArray(at - first) { window.peek(first + it) }.concatToString()
            val digits = number.all { it.isDigit() }
            if (!digits && !isLetterMarker(number)) return null
            val sign = at
            while (at - sign < 2 && (window.peek(at) == '.' || window.peek(at) == ')')) shape.append(window.peek(at++))
            if (at == sign || (bracket && window.peek(sign) != ')')) return null
            val onlyDot = shape.last() == '.'
            if (onlyDot && !isBlank(window.peek(at))) return null
            return of(number, shape, digits, at)
        }

        private fun of(number: String, shape: StringBuilder, digits: Boolean, end: Int): ListMarker {
            val roman = if (digits) 0 else romanValue(number.lowercase())
            val kind = if (digits) {
                '1'
            } else if (number[0].isUpperCase()) {
                'A'
            } else {
                'a'
            }
            val ordinal = when {
                digits -> number.toInt()
                number.length == 1 -> number[0].lowercaseChar() - 'a' + 1
                else -> -2
            }
            return ListMarker(shape.append(kind).toString(), ordinal, roman, end)
        }

        private fun isLetterMarker(text: String): Boolean =
            (text.length == 1 && isAsciiLetter(text[0])) || romanValue(text.lowercase()) > 0

        /** The value of a roman number up to 39 in small letters, or 0. */
        fun romanValue(text: String): Int {
            val tens = text.takeWhile { it == 'x' }
            val ones = ROMAN_ONES.indexOf(text.substring(tens.length))
            return if (ones < 0 || tens.length > 3) 0 else tens.length * 10 + ones
        }

        private val ROMAN_ONES = listOf("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    }
}
