package io.kompletion.chat.sentence

/** Pieces that are too short or too silent to be spoken by themselves. */
internal class HeldText {
    private val raw = StringBuilder()
    private val text = StringBuilder()
    private var start = 0

    var weight = 0
        private set

    /** Whether there is a letter, a digit or another sign with a name. */
    var isSpeakable = false
        private set

    val isEmpty: Boolean get() = raw.isEmpty()

    fun add(piece: String, spoken: String) {
        raw.append(piece)
        if (spoken.isEmpty()) return
        if (text.isNotEmpty() && !(isIdeographicEnd() || isIdeographic(spoken[0]))) text.append(' ')
        text.append(spoken)
        weight = weight + weightOf(spoken)
        isSpeakable = isSpeakable || spoken.any { it.isLetterOrDigit() }
    }

    /** Everything as one sentence. */
    fun take(): Sentence {
        val end = start + raw.length
        val sentence = Sentence(text.toString(), raw.toString(), start, end)
        clear(end)
        return sentence
    }

    fun clear(at: Int) {
        raw.clear()
        text.clear()
        start = at
        weight = 0
        isSpeakable = false
    }

    private fun isIdeographicEnd() = text.last().let { isIdeographic(it) || isCjkStop(it) || Marks.isWideClause(it) }
}
