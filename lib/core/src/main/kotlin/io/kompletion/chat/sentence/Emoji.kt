package io.kompletion.chat.sentence

/** Characters that no voice can speak: emoji, their joiners and tones, box drawing, characters without width. */
internal object Emoji {
    /** Where the unspeakable character at [index] ends; [index] when it can be spoken. */
    fun end(text: String, index: Int): Int {
        val c = text[index]
        return when {
            c < '\u200B' -> index
            c.isHighSurrogate() -> if (isPictureLead(text, index)) index + 2 else index
            isSilent(c) -> index + 1
            else -> index
        }
    }

    private fun isPictureLead(text: String, index: Int): Boolean {
        val low = text.getOrNull(index + 1) ?: return false
        return when (text[index]) {
            '\uD83C' -> low >= '\uDC00' && low !in '\uDD00'..'\uDD2F'
            '\uD83D', '\uD83E' -> true
            '\uDB40' -> true
            else -> false
        }
    }

    private fun isSilent(c: Char): Boolean = when (c) {
        in '\u200B'..'\u200F', in '\u202A'..'\u202E', in '\u2060'..'\u2069', '\uFEFF', '\u20E3' -> true
        in '\uFE00'..'\uFE0F' -> true
        in '\u2500'..'\u25FF', in '\u2600'..'\u27BF', in '\u2B00'..'\u2BFF' -> true
        in '\u231A'..'\u231B', in '\u23E9'..'\u23FA', '\u3030', '\u303D', '\u3297', '\u3299' -> true
        else -> false
    }
}
