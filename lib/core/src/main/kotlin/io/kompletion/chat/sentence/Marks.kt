package io.kompletion.chat.sentence

/** Which characters may end a sentence. */
internal class Marks private constructor(private val listed: String?, private val own: Char) {
    /** Whether the caller has said which marks end a sentence. */
    val areListed: Boolean get() = listed != null

    /** Whether the end of a line may end a sentence. */
    val newline: Boolean = listed == null || '\n' in listed

    fun isStop(c: Char): Boolean = if (listed == null) isDefaultStop(c) || c == own else c in listed && c != '\n'

    companion object {
        fun of(options: SentenceOptions): Marks = Marks(options.punctuationMarks?.joinToString(""), ownStop(options))

        // Armenian ends sentences with what looks like a colon, Greek questions with what looks like a semicolon.
        private fun ownStop(options: SentenceOptions): Char = when (options.punctuationLanguage?.take(2)?.lowercase()) {
            "hy" -> ':'
            "el" -> ';'
            else -> TextWindow.END
        }

        fun isDefaultStop(c: Char): Boolean =
            c == '.' || c == '!' || c == '?' || c == '…' || c == '‽' || isCjkStop(c) || isOtherStop(c)

        /** Marks inside a sentence where a voice may pause. */
        fun isClause(c: Char): Boolean = c in ",;:—–،؛" || c in "、，；："

        fun isWideClause(c: Char): Boolean = c in "、，；："
    }
}
