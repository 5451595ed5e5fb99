package io.kompletion.chat.sentence

/** Whether a single period ends the sentence: by what stands before it and behind it. */
internal class PeriodRules(
    private val window: TextWindow,
    private val segment: Segment,
    private val words: LanguageWords,
) {
    /** For the period at [index] with its closers up to [end]; the next visible character stands at [next]. */
    fun ends(index: Int, end: Int, next: Int, isQuoted: Boolean): Boolean {
        val after = window.peek(next)
        return when {
            segment.marker.let { it != null && index < it.end } -> false
            next == end && after != '\n' -> gluedEnds(index, end, after, isQuoted)
            after in ",;:&" -> false
            isQuoted -> after == '\n' || !(startsSmall(window, next) || isSource(window, next))
            startsSmall(window, next) -> startsItem(window, next)
            after in "-–—" && window.peek(next + 1).isDigit() -> false
            else -> tokenEnds(index, next, after == '\n')
        }
    }

    /** Whether the period at [index] stands behind an ordinary word, which no next word makes an abbreviation. */
    fun isPlain(index: Int): Boolean {
        val token = TokenBefore.at(window, segment.start, index)
        val word = token.text
        val isListMarker = segment.marker.let { it != null && index < it.end }
        val isShortForm = token.isSingleLetter || token.isDotted || token.isDoubled || token.isConsonants ||
            token.isTimeOfDay || token.isEra
        val isListed = words.isNever(word) || words.isNumbered(word) || words.isOpen(word) || words.isUnit(word)
        return !token.isEmpty && !token.isNumber && !isListMarker && !isShortForm && !isListed
    }

    private fun gluedEnds(index: Int, end: Int, after: Char, isQuoted: Boolean): Boolean {
        val before = window.peek(index - 1)
        return when {
            isHangul(after) -> !isQuoted && isHangul(before)
            isIdeographic(after) -> isQuoted || isIdeographic(before) || isListedNumber(index)
            isQuoted -> after.isUpperCase() || isOpener(after)
            after.isUpperCase() -> isGlued(window, index, end)
            after.isHighSurrogate() || after == '<' || isRoundBullet(after) -> !startsSmall(window, end)
            after in "“„«¿¡" -> tokenEnds(index, end, false)
            else -> false
        }
    }

    private fun isListedNumber(index: Int): Boolean {
        val before = window.peek(index - 1)
        return before.isDigit() && segment.marker == null && !segmentStartsAt(index)
    }

    private fun segmentStartsAt(index: Int): Boolean {
        val token = TokenBefore.at(window, segment.start, index)
        return token.start <= segment.textStart
    }

    private fun tokenEnds(index: Int, next: Int, newline: Boolean): Boolean {
        val token = TokenBefore.at(window, segment.start, index)
        val word = token.text
        val atStart = token.start <= segment.textStart
        return when {
            token.isEmpty -> true
            words.isNever(word) -> false
            newline -> true
            token.isNumber -> numberEnds(token, next)
            token.isSingleLetter -> letterEnds(token, next, atStart)
            token.isTimeOfDay || token.isEra -> timeEnds(token, next)
            words.isNumbered(word) && isNumbering(next) -> false
            token.isCapitalized && !atStart && isReference(next) -> false
            token.isDoubled -> isFollowedByStarter(next)
            words.isUnit(word) && window.peek(next).isDigit() -> false
            token.isDotted || words.isOpen(word) || token.isConsonants -> openEnds(token, next)
            else -> true
        }
    }

    // "See Xyz. IV" and "See Xyz. A." refer to something, whatever is short for it.
    private fun isReference(next: Int): Boolean {
        val word = NextWord.at(window, next)
        return word.isCode && (word.text != "A" || word.isInitial)
    }

    private fun isNumbering(next: Int): Boolean = window.peek(next).isDigit() || NextWord.at(window, next).isCode

    private fun numberEnds(token: TokenBefore, next: Int): Boolean {
        val value = token.text.toIntOrNull() ?: return true
        if (value == segment.counted + 1 && value > 1) return false
        if (!words.ordinals || token.text.length > 2) return true
        val word = NextWord.at(window, next).text
        return !words.isOrdinalNoun(word) &&
            (token.previousWord(segment.start).lowercase() !in ARTICLES || words.isStarter(word))
    }

    private fun letterEnds(token: TokenBefore, next: Int, atStart: Boolean): Boolean {
        if (!token.isSingleCapital) return false
        val before = token.previousWord(segment.start)
        if (token.text == "I" && before.isNotEmpty() && before[0].isLowerCase()) return true
        if (atStart || window.peek(next).isDigit()) return false
        return isFollowedByStarter(next)
    }

    private fun timeEnds(token: TokenBefore, next: Int): Boolean {
        val word = NextWord.at(window, next)
        if (window.peek(next).isDigit()) return false
        if (!words.isStarter(word.text) && !isTitle(word) && !token.isEra && !isSubjectBehind(word)) return false
        val opening = segment.firstWord().text
        val isShort = segment.wordsBefore(token.start, LONG_OPENING) < LONG_OPENING
        if (opening in OPENING_PREPOSITIONS && isShort) return false
        return true
    }

    // "He left at 6 p.m. Travelers who …", but "at 6 p.m. London time".
    private fun isSubjectBehind(word: NextWord): Boolean {
        if (segment.firstWord().text !in SUBJECTS || window.peek(word.end) != ' ') return false
        val behind = word.following().text
        return behind.isNotEmpty() && behind[0].isLowerCase() && behind !in ZONE_WORDS
    }

    private fun isTitle(word: NextWord) = window.peek(word.end) == '.' && words.isNever(word.text)

    private fun openEnds(token: TokenBefore, next: Int): Boolean {
        val after = window.peek(next)
        if (after.isDigit() || after in "§(%$€£") return false
        if (!isCased(after) && !isOpener(after)) return true
        return isFollowedByStarter(next) || isFollowedByClause(token, next) ||
            (token.isDegree && isSubjectBehind(NextWord.at(window, next)))
    }

    private fun isFollowedByStarter(next: Int): Boolean {
        val after = window.peek(next)
        if (!isCased(after) && !isOpener(after)) return true
        val word = NextWord.at(window, next)
        return words.isStarter(word.text) && !word.isInitial
    }

    // "I moved to the U.S. TV was broken.": one clause is complete, and what follows has a verb of its own.
    private fun isFollowedByClause(token: TokenBefore, next: Int): Boolean {
        if (segment.wordsBefore(token.start, CLAUSE) < CLAUSE) return false
        if (segment.firstWord().text !in SUBJECTS) return false
        return NextWord.at(window, next).following().text in FINITE_VERBS
    }

    private companion object {
        const val LONG_OPENING = 7
        const val CLAUSE = 3
        val ARTICLES =
            setOf("der", "die", "das", "dem", "den", "des", "im", "am", "zum", "zur", "vom", "beim", "ein", "eine")
        val OPENING_PREPOSITIONS = setOf("At", "On", "In", "By", "Around", "Before", "After", "From", "Until", "Since")
        val SUBJECTS = setOf("I", "He", "She", "We", "They", "You", "It", "There")
        val ZONE_WORDS = setOf("time", "standard", "daylight", "local", "summer")
        val FINITE_VERBS =
            setOf("is", "was", "are", "were", "has", "had", "will", "would", "can", "could", "does", "did")
    }
}
