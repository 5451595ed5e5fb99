package io.kompletion.chat.sentence

/** Reads what is shaped like a tag; `3 < 5`, `<3` and `<stdio.h>` are none. */
internal object Tags {
    private const val LONGEST = 250

    /** Where the tag that starts at [index] ends, or -1. */
    fun end(window: TextWindow, index: Int): Int {
        var at = index + 1
        if (window.peek(at) == '/') at++
        val name = at
        if (!isAsciiLetter(window.peek(at))) return -1
        while (isNamePart(window.peek(at))) at++
        val afterName = window.peek(at)
        if (afterName != '>' && afterName != '/' && !isBlank(afterName)) return -1
        val capitalized = window.peek(name).isUpperCase() && at - name > 1 && window.peek(name + 1).isLowerCase()
        var quote = ' '
        var hasValue = false
        while (at - index < LONGEST) {
            val c = window.peek(at)
            when {
                c == TextWindow.END -> return -1
                c == '<' && quote == ' ' -> return -1
                quote != ' ' -> if (c == quote) quote = ' '
                c == '"' || c == '\'' -> quote = c
                c == '=' -> hasValue = true
                c == '>' -> return if (isPlain(window, afterName, hasValue, at) && !capitalized) at + 1 else -1
            }
            at++
        }
        return -1
    }

    // Several bare words are a title in angle brackets.
    private fun isPlain(window: TextWindow, afterName: Char, hasValue: Boolean, close: Int) =
        hasValue || afterName == '>' || window.peek(close - 1) == '/' || isBlank(window.peek(close - 1))

    fun isNamePart(c: Char): Boolean = isAsciiLetter(c) || c in '0'..'9' || c == '-' || c == ':' || c == '_'

    /** The name of the tag at [index] in small letters. */
    fun name(window: TextWindow, index: Int): String {
        val from = if (window.peek(index + 1) == '/') index + 2 else index + 1
        var to = from
        while (isNamePart(window.peek(to))) to++
        return window.slice(from, to).lowercase()
    }
}
