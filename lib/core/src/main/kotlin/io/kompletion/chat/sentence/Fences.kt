package io.kompletion.chat.sentence

/** The lines that open and close code blocks. */
internal object Fences {
    private const val SHORTEST = 3

    /** The marks that open a code block in [line], or null. */
    fun opening(line: String): String? {
        val text = line.trimStart()
        val mark = text.firstOrNull() ?: return null
        if (mark != '`' && mark != '~') return null
        val marks = text.takeWhile { it == mark }
        val isInline = mark == '`' && '`' in text.substring(marks.length)
        return marks.takeIf { it.length >= SHORTEST && !isInline }
    }

    fun closes(line: String, fence: String): Boolean {
        val text = line.trim()
        return text.length >= fence.length && text.all { it == fence[0] }
    }
}
