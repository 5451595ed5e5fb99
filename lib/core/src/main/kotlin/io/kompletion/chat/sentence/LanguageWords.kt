package io.kompletion.chat.sentence

/**
 * What the words around a period say about it, for one language.
 *
 * @property never abbreviations that end no sentence (`Dr.`, `e.g.`)
 * @property open abbreviations that end one only in front of a word of [starters] (`Inc.`, `Fig.`)
 * @property numbered abbreviations only in front of a number or letter, else ordinary words (`No. 5`)
 * @property units ordinary words but in front of a digit (`5 ft. 6 in.`)
 * @property starters words that usually begin a sentence
 * @property ordinals whether a number with a period counts (`3. Juli`)
 * @property ordinalNouns what such a number is followed by
 */
internal class LanguageWords(
    private val never: Set<String>,
    private val open: Set<String>,
    private val numbered: Set<String>,
    private val units: Set<String>,
    private val starters: Set<String>,
    val ordinals: Boolean,
    private val ordinalNouns: Set<String>,
) {
    /** Whether a capital I is a word of its own. */
    val hasPronounI: Boolean get() = "i'm" in starters

    fun isNever(word: String): Boolean = knows(never, word)

    fun isOpen(word: String): Boolean = knows(open, word)

    fun isNumbered(word: String): Boolean = knows(numbered, word)

    fun isUnit(word: String): Boolean = knows(units, word)

    fun isStarter(word: String): Boolean = word.isNotEmpty() && (word.lowercase().let { it in starters })

    fun isOrdinalNoun(word: String): Boolean = word.lowercase() in ordinalNouns

    // Entries in small letters stand for every way to write them.
    private fun knows(entries: Set<String>, word: String) = word in entries || word.lowercase() in entries

    companion object {
        /** The words for [language], an ISO 639 code with or without a region; English where nothing is known. */
        fun of(language: String?): LanguageWords =
            when (language?.trim()?.lowercase()?.substringBefore('-')?.substringBefore('_')) {
                "de" -> german
                "fr" -> french
                "es" -> spanish
                "it" -> italian
                null, "", "en" -> english
                else -> other
            }

        private val english by lazy { words(ENGLISH) }
        private val german by lazy { words(GERMAN, ordinals = true) }
        private val french by lazy { words(FRENCH) }
        private val spanish by lazy { words(SPANISH) }
        private val italian by lazy { words(ITALIAN) }
        private val other by lazy { words(OTHER) }

        private fun words(data: AbbreviationData, ordinals: Boolean = false) = LanguageWords(
            never = split(data.never) + split(COMMON_NEVER),
            open = split(data.open) + split(COMMON_OPEN),
            numbered = split(data.numbered) + split(COMMON_NUMBERED),
            units = split(COMMON_UNITS),
            starters = split(data.starters),
            ordinals = ordinals,
            ordinalNouns = split(ORDINAL_NOUNS),
        )

        private fun split(text: String): Set<String> = text.split(' ', '\n').filter { it.isNotEmpty() }.toHashSet()
    }
}

/** The lists of [LanguageWords] as text, words apart by spaces; capital letters count only where they stand. */
internal class AbbreviationData(val never: String, val open: String, val numbered: String, val starters: String)
