package io.kompletion.chat.sentence

/**
 * One sentence of a text, ready to be spoken.
 *
 * @property text what to say: without markdown when the sentences are cleaned, trimmed; empty when nothing of it can
 *   be said, which only happens to the last one of a text (see [isSilent])
 * @property raw the stretch of the input that it was made of, unchanged and with the white space around it; all of them
 *   together are the input
 * @property start where [raw] starts in the whole input, in characters (UTF-16 units)
 * @property end where it ends, exclusively
 */
@ConsistentCopyVisibility
public data class Sentence internal constructor(
    public val text: String,
    public val raw: String,
    public val start: Int,
    public val end: Int,
) {
    /** Whether there is nothing to say: the input ended in white space, markup, emoji or code. */
    public val isSilent: Boolean get() = text.isEmpty()
}
