package io.kompletion.chat.sentence

/**
 * The text that is not handed out yet. Whoever decides something reads through [peek], which notes when it asked for
 * text that has not arrived: such a decision is thrown away and made again with more text. So what is decided can only
 * depend on the text, never on how it was cut.
 */
internal class TextWindow {
    private val text = StringBuilder()
    private var limit = 0
    private var capped = false

    /** Where index 0 stands in the whole text. */
    var base = 0
        private set

    /** Where the current sentence starts; nothing in front of it is looked at, whether it is still here or not. */
    var floor = 0

    /** No more text will come. */
    var ended = false

    /** Set by [peek] when more text is needed. */
    var starved = false
        private set

    val length: Int get() = text.length

    operator fun get(index: Int): Char = text[index].let { if (it == END) STAND_IN else it }

    fun append(delta: String) {
        text.append(delta)
    }

    /** Starts a decision at [index]; it sees at most [REACH] characters, so that waiting is bounded. */
    fun lookFrom(index: Int) {
        starved = false
        capped = text.length - index > REACH
        limit = if (capped) index + REACH else text.length
    }

    /** The character at [index], or [END] behind the end of the text and in front of the sentence. */
    fun peek(index: Int): Char {
        if (index < floor) return END
        if (index < limit) return get(index)
        if (!ended && !capped) starved = true
        return END
    }

    fun matches(index: Int, word: String): Boolean {
        for (offset in word.indices) {
            if (!peek(index + offset).equals(word[offset], ignoreCase = true)) return false
        }
        return true
    }

    fun slice(from: Int, to: Int): String = text.substring(from, to)

    fun drop(count: Int) {
        text.deleteRange(0, count)
        base += count
        floor -= count
    }

    fun clear() {
        text.clear()
        base = 0
        floor = 0
        ended = false
        starved = false
    }

    companion object {
        const val REACH = 256
        const val END = '\uFFFF'

        /** What the rules see of a character of the text that is [END] itself; both are signs without a meaning. */
        const val STAND_IN = '\uFFFE'
    }
}
