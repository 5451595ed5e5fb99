package io.kompletion.chat.sentence

/** Whether a stop ends the sentence, and where the sentence then ends: behind its closing quotes and brackets. */
internal class StopRules(
    private val window: TextWindow,
    private val spans: SpanTracker,
    private val segment: Segment,
    private val marks: Marks,
    private val words: LanguageWords,
) {
    private val tail = StopTail(window, spans, marks)
    private val periods = PeriodRules(window, segment, words)
    private val brands = BrandRules(window, words)

    /** Where reading goes on when the sentence does not end. */
    var resume = 0
        private set

    /** Where the sentence ends that has a stop at [index]; -1 when it does not end here. */
    fun endAt(index: Int): Int {
        tail.read(index)
        resume = tail.runEnd
        val end = tail.end
        if (!spans.settledBy(index, end)) return NO
        return if (ends(index, end)) end else NO
    }

    /** Whether hardly any next word could deny the stop at [index]: it is no ellipsis and no abbreviation. */
    fun isPlain(index: Int): Boolean = when (window[index]) {
        '…' -> false
        '.' -> window.peek(index - 1) != '.' && periods.isPlain(index)
        else -> true
    }

    private fun ends(index: Int, end: Int): Boolean {
        val c = window[index]
        if (!Marks.isDefaultStop(c)) return listedMarkEnds(index, end)
        var next = end
        while (isSpace(window.peek(next))) next++
        val after = window.peek(next)
        val last = window.peek(tail.runEnd - 1)
        return when {
            tail.hasCjkStop && !isDots(last) -> cjkStopEnds(index, end)
            after == TextWindow.END -> true
            isOtherStop(last) -> after !in ",،;:"
            !tail.hasExclamation && tail.dots > 1 -> after == '\n' || ellipsisEnds(next, after)
            tail.hasExclamation -> after == '\n' || exclamationEnds(index, end, next)
            else -> periods.ends(index, end, next, tail.isQuoted)
        }
    }

    private fun listedMarkEnds(index: Int, end: Int): Boolean {
        val before = window.peek(index - 1)
        val next = window.peek(end)
        if (before.isDigit() && next.isDigit()) return false
        return isWide(window[index]) || next == TextWindow.END || isBlank(next) || isWide(next)
    }

    private fun cjkStopEnds(index: Int, end: Int): Boolean {
        val next = window.peek(end)
        val c = window[index]
        return when {
            next in "、，,・" -> false
            c == '．' && window.peek(index - 1).isDigit() && next.isDigit() -> false
            tail.isQuoted -> next !in QUOTE_PARTICLES && !isHangul(next)
            (c == '。' || c == '．' || c == '｡') && tail.runEnd == index + 1 -> next !in "のを"
            next == 'は' -> isKana(window.peek(end + 1))
            next == 'と' -> window.peek(end + 1) in "てりくもこ"
            else -> next != 'に' && !window.matches(end, "って") && !window.matches(end, "っと")
        }
    }

    private fun ellipsisEnds(next: Int, after: Char): Boolean = when {
        after == '[' || isSource(window, next) || after in '0'..'9' || after in ",;:-–—" -> false
        isHangul(after) || isIdeographic(after) -> tail.isQuoted && !isHangul(after)
        startsSmall(window, next) -> false
        after == 'I' && words.hasPronounI && !window.peek(next + 1).isLetterOrDigit() -> false
        else -> true
    }

    private fun exclamationEnds(index: Int, end: Int, next: Int): Boolean {
        val after = window.peek(next)
        if (next == end) return gluedExclamationEnds(index, end, after)
        return when {
            after in ",;:&" -> false
            after in "-–—" -> !startsSmall(window, skipDashes(next))
            startsSmall(window, next) -> startsItem(window, next)
            tail.isQuoted && isSource(window, next) -> false
            !tail.isQuoted && brands.isBrand(index, next) -> false
            else -> true
        }
    }

    private fun gluedExclamationEnds(index: Int, end: Int, after: Char): Boolean = when {
        after == '[' -> false
        isHangul(after) -> !tail.isQuoted
        isIdeographic(after) -> after !in QUOTE_PARTICLES
        after.isUpperCase() -> tail.isQuoted || isGlued(window, index, end)
        after.isLetterOrDigit() -> false
        after in ",;:-–—/&=%_+|~" -> false
        else -> !startsSmall(window, end)
    }

    private fun skipDashes(from: Int): Int {
        var at = from
        while (window.peek(at) in "-–—" || isSpace(window.peek(at))) at++
        return at
    }

    companion object {
        const val NO = -1
        private const val QUOTE_PARTICLES = "とのはがをにでもなっへや"
    }
}

/** Whether the word at [index], behind quotes and brackets, starts with a small letter; `iPhone` counts as a name. */
internal fun startsSmall(window: TextWindow, index: Int): Boolean {
    var at = index
    while (at - index < 8 && (isOpener(window.peek(at)) || isEmphasisMark(window.peek(at))) &&
        window.peek(at) !in "¿¡"
    ) {
        at++
    }
    return window.peek(at).isLowerCase() && !window.peek(at + 1).isUpperCase()
}

/** Whether two sentences stand without a space at a stop: a plain word in front, a capitalized one behind. */
internal fun isGlued(window: TextWindow, index: Int, end: Int): Boolean {
    val isShort = window.peek(end) in "IA" && window.peek(end + 1) == ' '
    if (!window.peek(end).isUpperCase() || !(isShort || window.peek(end + 1).isLowerCase())) return false
    var at = index
    while (index - at < 40 && (window.peek(at - 1).isLetterOrDigit() || isGrouping(window, at - 1))) at--
    val before = window.peek(at - 1)
    val isWord =
        index - at >= 3 && (at until index).all { window[it].isLowerCase() || (it == at && window[it].isLetter()) }
    val isNumber = index > at && (at until index).all { window[it].isDigit() || window[it] == ',' }
    if (!isWord && !(isNumber && before != '.')) return false
    if (before != TextWindow.END && !isBlank(before) && !isOpener(before) && before !in "-*—'’") return false
    var tail = end
    while (tail - end < 40 && window.peek(tail).isLetterOrDigit()) tail++
    val after = window.peek(tail)
    if (after in "(@/:_=" || (end until tail).any { window.peek(it).isDigit() }) return false
    return after != '.' || !window.peek(tail + 1).isLetterOrDigit()
}

/** Whether a source in brackets with its own stop behind it follows: `"…" (Manzoni).` */
internal fun isSource(window: TextWindow, index: Int): Boolean {
    if (window.peek(index) != '(') return false
    var at = index + 1
    while (at - index < 30 && (window.peek(at).isLetterOrDigit() || window.peek(at) in " ,-")) at++
    return window.peek(at) == ')' && window.peek(at + 1) in ".,;"
}

/** Whether a list item starts at [index] that begins with a small letter: `w)`, or the first of a list, `a.`. */
internal fun startsItem(window: TextWindow, index: Int): Boolean {
    val sign = window.peek(index + 1)
    if (window.peek(index + 2) != ' ' && sign != '.') return false
    return sign == ')' ||
        (
            sign == '.' && window.peek(
                index,
            ) == 'a' && window.peek(index + 2) == ' ' && window.peek(index + 3).isLetter() &&
                window.peek(index + 4).isLetter()
            )
}

private fun isGrouping(window: TextWindow, index: Int) = window.peek(index) == ',' && window.peek(index - 1).isDigit()
