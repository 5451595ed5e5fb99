package io.kompletion.chat.sentence

/** What is known about the sentence that is being read. All positions are indexes of the window. */
internal class Segment(private val window: TextWindow) {
    /** Where it starts, white space included. */
    var start = 0

    /** Where its first visible character stands; -1 as long as there is none. */
    var textStart = -1

    /** The list marker it starts with. */
    var marker: ListMarker? = null

    /** The last number with a period that ended no sentence, as the moves of a game have them; -1 without. */
    var counted = -1

    /** Where the last stop stands that was found to end no sentence; -1 without. */
    var denied = -1

    val hasText: Boolean get() = textStart >= 0

    fun restart(at: Int) {
        start = at
        textStart = -1
        marker = null
        counted = -1
        denied = -1
    }

    fun shift(count: Int) {
        start -= count
        if (textStart >= 0) textStart -= count
        denied -= count
        marker = marker?.let { it.copy(end = it.end - count) }
    }

    /** How many words stand in front of [end], counted up to [most]. */
    fun wordsBefore(end: Int, most: Int): Int {
        var words = 0
        var at = maxOf(textStart, 0)
        while (at < end && words < most) {
            while (at < end && isBlank(window[at])) at++
            if (at < end) words++
            while (at < end && !isBlank(window[at])) at++
        }
        return words
    }

    fun firstWord(): NextWord = NextWord.at(window, maxOf(textStart, 0))
}
