package io.kompletion.checks

/**
 * [source] with comments and the text of literals blanked out; expressions inside string templates stay, and so does
 * every line break, so that positions still tell the line.
 */
fun kotlinCodeOnly(source: String): String = CodeScanner(source).scan()

private class CodeScanner(private val text: String) {
    private val out = StringBuilder(text.length)
    private var at = 0

    fun scan(): String {
        code(insideTemplate = false)
        return out.toString()
    }

    private fun code(insideTemplate: Boolean) {
        var braces = 0
        while (at < text.length) {
            when {
                ahead("//") -> {
                    blankWhile { text[at] != '\n' }
                }

                ahead("/*") -> {
                    blockComment()
                }

                ahead("\"\"\"") -> {
                    literal("\"\"\"", escapes = false)
                }

                ahead("\"") -> {
                    literal("\"", escapes = true)
                }

                ahead("'") -> {
                    literal("'", escapes = true)
                }

                insideTemplate && text[at] == '}' && braces == 0 -> {
                    return
                }

                else -> {
                    if (text[at] == '{') braces++
                    if (text[at] == '}') braces--
                    out.append(text[at++])
                }
            }
        }
    }

    private fun literal(quote: String, escapes: Boolean) {
        blank(quote.length)
        while (at < text.length && !ahead(quote)) {
            when {
                escapes && text[at] == '\\' -> {
                    blank(2)
                }

                quote != "'" && ahead("\${") -> {
                    blank(2)
                    code(insideTemplate = true)
                    blank(1)
                }

                else -> {
                    blank(1)
                }
            }
        }
        blank(quote.length)
        // """" ends a raw literal whose last character is a quote
        if (quote.length == 3) while (ahead("\"")) blank(1)
    }

    private fun blockComment() {
        var depth = 0
        do {
            if (ahead("/*")) depth++
            if (ahead("*/")) depth--
            blank(if (ahead("/*") || ahead("*/")) 2 else 1)
        } while (depth > 0 && at < text.length)
    }

    private fun ahead(token: String): Boolean = text.startsWith(token, at)

    private inline fun blankWhile(condition: () -> Boolean) {
        while (at < text.length && condition()) blank(1)
    }

    private fun blank(count: Int) {
        repeat(count) {
            if (at < text.length) out.append(if (text[at++] == '\n') '\n' else ' ')
        }
    }
}
