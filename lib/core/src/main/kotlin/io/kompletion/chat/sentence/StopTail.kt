package io.kompletion.chat.sentence

/** Everything that belongs to a stop: more stops, closing quotes, brackets and tags, emphasis marks, citations. */
internal class StopTail(private val window: TextWindow, private val spans: SpanTracker, private val marks: Marks) {
    /** Behind the stops alone. */
    var runEnd = 0
        private set

    /** Behind everything. */
    var end = 0
        private set

    /** How many dots there are. */
    var dots = 0
        private set

    var hasExclamation = false
        private set

    var hasCjkStop = false
        private set

    /** Whether a quote or bracket closes behind the stop. */
    var isQuoted = false
        private set

    fun read(index: Int) {
        dots = 0
        hasExclamation = false
        hasCjkStop = false
        isQuoted = false
        runEnd = readStops(index)
        end = readClosers(runEnd)
    }

    private fun readStops(from: Int): Int {
        var at = from
        while (true) {
            val c = window.peek(at)
            when {
                c != TextWindow.END && marks.isStop(c) -> note(c)
                c == ' ' && at > from && !hasCjkStop && isSpacedStop(at + 1) -> note(window.peek(++at))
                else -> return at
            }
            at++
        }
    }

    // "Wait . . ." and "No! ! !", but not "at .5".
    private fun isSpacedStop(index: Int): Boolean {
        val c = window.peek(index)
        if (c != '.' && c != '!' && c != '?' && c != '…') return false
        var at = index
        while (window.peek(at) == c) at++
        return !window.peek(at).isLetterOrDigit()
    }

    private fun note(c: Char) {
        when {
            c == '.' -> dots++
            c == '…' -> dots += 3
            c == '!' || c == '?' || c == '‽' -> hasExclamation = true
            isCjkStop(c) -> hasCjkStop = true
        }
    }

    private fun readClosers(from: Int): Int {
        var at = from
        while (true) {
            val c = window.peek(at)
            val next = when {
                c == TextWindow.END -> at
                isCloser(c) || c == '“' || c == '«' -> if (closesHere(c, at)) (at + 1).also { isQuoted = true } else at
                isEmphasisMark(c) -> emphasisEnd(at)
                c == '[' -> citationEnd(at)
                c == '<' && window.peek(at + 1) == '/' -> Tags.end(window, at)
                isSpace(c) && !hasCjkStop -> spacedCloserEnd(at)
                at > from && isQuoted && marks.isStop(c) -> (at + 1).also { note(c) }
                else -> at
            }
            if (next <= at) return at
            at = next
        }
    }

    private fun closesHere(c: Char, at: Int): Boolean = when (c) {
        '"', '\'', '’', '»' -> spans.isOpen(c) || !window.peek(at + 1).isLetterOrDigit()
        '“', '«' -> spans.isOpen(c)
        else -> true
    }

    private fun emphasisEnd(from: Int): Int {
        var at = from
        while (isEmphasisMark(window.peek(at))) at++
        val opens = window.peek(at).isLetterOrDigit() && !isWide(window.peek(at))
        return if (opens) from else at
    }

    private fun citationEnd(from: Int): Int {
        var at = from + 1
        while (window.peek(at).isDigit()) at++
        return if (at > from + 1 && window.peek(at) == ']') at + 1 else from
    }

    private fun spacedCloserEnd(from: Int): Int {
        val c = window.peek(from + 1)
        return when {
            c == '»' && spans.isOpen('»') -> (from + 2).also { isQuoted = true }
            c == '[' -> citationEnd(from + 1).let { if (it > from + 1) it else from }
            else -> from
        }
    }
}
