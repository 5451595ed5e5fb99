package io.kompletion.chat.sentence

/**
 * Finds the ends of sentences in a window, looking at every character once. A decision that needs text which has not
 * arrived is made again from the same place.
 */
internal class SentenceScanner(private val window: TextWindow, private val options: SentenceOptions) {
    private val marks = Marks.of(options)
    private val spans = SpanTracker(window)
    private val segment = Segment(window)
    private val span = UnbrokenSpan(window, options.unbrokenTags)
    private val stops = StopRules(window, spans, segment, marks, LanguageWords.of(options.punctuationLanguage))
    private val newlines = NewlineRules(window, spans, segment)
    private val lengths = LengthRules(window, options)
    private var position = 0
    private var lineStart = 0
    private var lineHasText = false
    private var lineIsBlock = false

    /** Whether a first clause may end the sentence. */
    var wantsClause = options.firstClauseLength != null

    /** Where the current sentence starts. */
    val start: Int get() = segment.start

    /** Reads on to the next end of a sentence; -1 when more text is needed. */
    fun next(): Int {
        while (position < window.length) {
            window.lookFrom(position)
            val end = step()
            if (end >= 0) return finish(end)
            if (end == STARVED) return STARVED
        }
        return STARVED
    }

    /** Whether the text so far ends with a stop that is still open to doubt, but hardly. */
    fun mayEndHere(): Boolean {
        if (span.isOpen || span.isFence) return false
        window.lookFrom(position)
        var last = window.length - 1
        var isClosed = false
        while (last > position && (isSpace(window[last]) || isCloser(window[last]) || isEmphasisMark(window[last]))) {
            isClosed = isClosed || isCloser(window[last])
            last--
        }
        return last >= position && marks.isStop(window[last]) && stops.isPlain(last) && (isClosed || !spans.isOpen)
    }

    /** Forgets [count] characters that have been handed out. */
    fun shift(count: Int) {
        position -= count
        lineStart -= count
        segment.shift(count)
        lengths.shift(count)
    }

    fun reset() {
        position = 0
        segment.restart(0)
        spans.clear()
        span.clear()
        lengths.restart()
        startLine(0)
        wantsClause = options.firstClauseLength != null
    }

    private fun finish(end: Int): Int {
        position = end
        window.floor = end
        segment.restart(end)
        lengths.restart()
        spans.clear()
        return end
    }

    private fun step(): Int {
        val c = window[position]
        return when {
            span.isFence -> insideFence(c)
            span.isOpen -> insideSpan(c)
            c == '\n' -> lineEnd()
            isSpace(c) -> advance(position + 1)
            !lineHasText && LineKind.fenceAt(window, position) > 0 -> fenceStart()
            window.starved -> STARVED
            c == '<' -> tagOrText()
            else -> visible(c)
        }
    }

    private fun insideFence(c: Char): Int {
        if (c == '\n') return lineEndInside()
        if (!lineHasText && !isSpace(c)) {
            val closes = span.closesFence(position)
            if (window.starved) return STARVED
            if (closes) {
                span.closeFence()
                lineIsBlock = true
            }
            lineHasText = true
        }
        return advance(position + 1)
    }

    private fun insideSpan(c: Char): Int {
        val end = span.closeAt(position)
        if (window.starved) return STARVED
        if (end < 0) return if (c == '\n') lineEndInside() else advance(position + 1)
        span.close()
        return advance(end)
    }

    private fun lineEndInside(): Int {
        startLine(position + 1)
        return advance(position + 1)
    }

    private fun lineEnd(): Int {
        val ends = marks.newline && segment.hasText && newlines.endsAt(position, lineIsBlock, lineStart)
        if (window.starved) return STARVED
        spans.accept(position)
        startLine(position + 1)
        return if (ends) position + 1 else advance(position + 1)
    }

    private fun startLine(at: Int) {
        lineStart = at
        lineHasText = false
        lineIsBlock = false
    }

    private fun fenceStart(): Int {
        if (window.starved) return STARVED
        val length = LineKind.fenceAt(window, position)
        span.openFence(position, length)
        note()
        return advance(position + length)
    }

    private fun tagOrText(): Int {
        val isComment = window.matches(position, "<!--")
        val end = if (isComment) -1 else Tags.end(window, position)
        if (window.starved) return STARVED
        if (isComment) span.openComment().also { return advance(position + 4) }
        if (end < 0) return visible('<')
        span.openTag(position, end)
        lineHasText = true
        return advance(end)
    }

    private fun visible(c: Char): Int {
        val marker = markerHere(c)
        val startsBlock = !lineHasText && LineKind.startsBlock(window, position)
        val continues = marker != null && segment.hasText && segment.marker?.isFollowedBy(marker) == true &&
            !(marker.isInitial && lineHasText)
        if (window.starved) return STARVED
        if (continues && !spans.isOpen) {
            lineHasText = false
            return position
        }
        val end = if (marks.isStop(c)) stops.endAt(position) else clauseEnd(c)
        if (window.starved) return STARVED
        if (!lineHasText) lineIsBlock = startsBlock
        if (!segment.hasText) segment.marker = marker
        note()
        if (end >= 0) return end
        if (marks.isStop(c)) return deny()
        spans.accept(position)
        if (window.starved) return STARVED
        return lengths.cutAt(position).let { if (it > segment.start) it else advance(position + 1) }
    }

    private fun clauseEnd(c: Char): Int {
        if (!wantsClause || !Marks.isClause(c)) return -1
        return lengths.clauseEnd(position, segment.start)
    }

    // A marker may stand where a word starts.
    private fun markerHere(c: Char): ListMarker? {
        val mayStart = !segment.hasText || (segment.marker != null && isBlank(window.peek(position - 1)))
        val isCandidate = c.isLetterOrDigit() || c == '(' || c == '（' || isRoundBullet(c)
        return if (mayStart && isCandidate) ListMarker.at(window, position) else null
    }

    private fun deny(): Int {
        val token = TokenBefore.at(window, segment.start, position)
        if (token.isNumber) token.text.toIntOrNull()?.let { segment.counted = it }
        val resume = maxOf(stops.resume, position + 1)
        segment.denied = resume - 1
        return advance(resume)
    }

    private fun note() {
        lineHasText = true
        if (!segment.hasText) segment.textStart = position
    }

    private fun advance(to: Int): Int {
        lengths.read(position, to)
        position = to
        return GOES_ON
    }

    private companion object {
        const val STARVED = -1
        const val GOES_ON = -2
    }
}
