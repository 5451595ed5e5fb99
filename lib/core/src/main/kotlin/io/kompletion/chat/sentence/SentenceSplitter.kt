package io.kompletion.chat.sentence

/**
 * Cuts a text that arrives piece by piece into sentences, for speech.
 *
 * Push every delta of the text and speak what comes back; flush where the text ends or something else begins, such as
 * the first tool call. The sentences do not depend on how the text was cut into deltas. Together their
 * [raw][Sentence.raw] stretches are the input; nothing is dropped. A sentence comes back as soon as the text behind its
 * end leaves no doubt: usually with the next word.
 *
 * The work is linear in the length of the text. A splitter serves one text at a time and is not safe for use from
 * several threads at once.
 *
 * @param options how to cut; the defaults are for English
 */
public class SentenceSplitter @JvmOverloads constructor(
    private val options: SentenceOptions = SentenceOptions.DEFAULT,
) {
    private val window = TextWindow()
    private val scanner = SentenceScanner(window, options)
    private val cleaner = SpeechCleaner(options)
    private val held = HeldText()
    private var first = true

    /** Takes the next [delta] of the text and returns the sentences that are complete now, often none. */
    public fun push(delta: String): List<Sentence> {
        if (delta.isEmpty()) return emptyList()
        window.append(delta)
        return scan()
    }

    /**
     * Returns the sentences that are complete unless the next word is an unusual one: for a text that pauses behind the
     * end of a sentence, when the voice shall not wait. What may be an abbreviation, a number or an ellipsis is not handed
     * out, nor what is shorter than the minimum.
     */
    public fun idle(): List<Sentence> {
        if (!scanner.mayEndHere()) return emptyList()
        window.ended = true
        return scan().also { window.ended = false }
    }

    /**
     * Returns what is left, complete or not and however short, and starts a new text. The last sentence is
     * [silent][Sentence.isSilent] when nothing of the rest can be said; nothing comes back when nothing is left.
     */
    public fun flush(): List<Sentence> {
        window.ended = true
        val sentences = scan().toMutableList()
        val rest = window.slice(scanner.start, window.length)
        if (rest.isNotEmpty()) hold(rest, last = true)
        if (!held.isEmpty) sentences += release()
        reset()
        return sentences
    }

    /** Forgets what is held, for example when the listener interrupts, and starts a new text. */
    public fun reset() {
        window.clear()
        scanner.reset()
        cleaner.reset()
        held.clear(0)
        first = true
    }

    private fun scan(): List<Sentence> {
        var sentences: MutableList<Sentence>? = null
        while (true) {
            val start = scanner.start
            val end = scanner.next()
            if (end < 0) break
            hold(window.slice(start, end), last = false)
            if (isLongEnough()) sentences = (sentences ?: ArrayList()).apply { add(release()) }
        }
        if (scanner.start > 0) {
            val count = scanner.start
            window.drop(count)
            scanner.shift(count)
        }
        return sentences ?: emptyList()
    }

    private fun hold(raw: String, last: Boolean) {
        held.add(raw, cleaner.clean(raw, last))
    }

    private fun isLongEnough(): Boolean {
        val least = options.minFirstSentenceLength.takeIf { first } ?: options.minSentenceLength
        return held.isSpeakable && held.weight >= least
    }

    private fun release(): Sentence {
        first = false
        scanner.wantsClause = false
        return held.take()
    }

    public companion object {
        /** The sentences of a whole text. */
        @JvmStatic
        @JvmOverloads
        public fun split(text: String, options: SentenceOptions = SentenceOptions.DEFAULT): List<Sentence> {
            val splitter = SentenceSplitter(options)
            return splitter.push(text) + splitter.flush()
        }
    }
}
