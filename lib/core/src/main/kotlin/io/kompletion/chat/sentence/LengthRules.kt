package io.kompletion.chat.sentence

/** Where a sentence may be cut although it does not end: behind a first clause, or because it is too long. */
internal class LengthRules(private val window: TextWindow, options: SentenceOptions) {
    private val longest = options.maxSentenceLength
    private val clause = options.firstClauseLength
    private var weight = 0
    private var lastClause = -1
    private var lastSpace = -1
    private var lastWide = -1

    fun restart() {
        weight = 0
        lastClause = -1
        lastSpace = -1
        lastWide = -1
    }

    fun shift(count: Int) {
        lastClause -= count
        lastSpace -= count
        lastWide -= count
    }

    fun read(from: Int, to: Int) {
        if (longest == null && clause == null) return
        for (index in from until to) weight += weightOf(window[index])
    }

    /** Where the first clause ends with the mark at [index], or -1. */
    fun clauseEnd(index: Int, start: Int): Int {
        val mark = window[index]
        if (clause == null || weight + weightOf(mark) < clause || index == start) return -1
        val next = window.peek(index + 1)
        val pauses = Marks.isWideClause(mark) || isBlank(next)
        return if (pauses) index + 1 else -1
    }

    /** Where to cut before the character at [index] makes the sentence too long; -1 when it does not. */
    fun cutAt(index: Int): Int {
        val most = longest ?: return -1
        noteBreak(index)
        if (weight + weightOf(window[index]) <= most) return -1
        return when {
            lastClause > 0 -> lastClause
            lastSpace > 0 -> lastSpace
            else -> lastWide
        }
    }

    // A break in front of the character at [index].
    private fun noteBreak(index: Int) {
        val before = window.peek(index - 1)
        val c = window[index]
        when {
            isBlank(before) -> if (Marks.isClause(window.peek(index - 2))) {
                lastClause = index
            } else {
                lastSpace = index
            }

            Marks.isWideClause(before) -> lastClause = index

            isWide(before) && isWide(c) && c.isLetter() && before.isLetter() -> lastWide = index
        }
    }
}
