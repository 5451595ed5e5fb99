package io.kompletion.chat.sentence

/** Names that are written with an exclamation or question mark. */
internal class BrandRules(private val window: TextWindow, private val words: LanguageWords) {
    /** Whether the mark at [index] belongs to a name that goes on at [next]. */
    fun isBrand(index: Int, next: Int): Boolean {
        var start = index
        while (index - start < LONGEST && window.peek(start - 1).isLetter()) start--
        if (index - start !in 1 until LONGEST || !window[start].isUpperCase()) return false
        if (window.slice(start, index) !in NAMES || !window.peek(next).isUpperCase()) return false
        val word = NextWord.at(window, next)
        if (!words.isStarter(word.text)) return true
        return word.following().isCapitalized
    }

    private companion object {
        const val LONGEST = 12
        val NAMES = "Yahoo E OK Jeopardy Guess Who Wham Joomla Oklahoma Panic Yum Ahoy Mia Rouge Oliver Airplane Which"
            .split(' ').toHashSet()
    }
}
