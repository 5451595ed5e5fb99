package io.kompletion.error

import java.util.Base64

/**
 * Takes secrets out of what a server wrote: some echo the key that they refuse. A secret is found as it is, escaped as in
 * JSON, percent-encoded, inside base64 (the credentials of `Basic` for one), and cut short at the end of the text. Texts
 * shorter than [LEAST] characters are no secrets; they stand in many texts by chance.
 */
internal class Redaction(secrets: Collection<String>) {
    private val forms: List<String> by lazy {
        secrets.filter { it.length >= LEAST }.distinct().flatMap { inBase64(it) + it }
            .filter { it.length >= LEAST }.distinct().sortedByDescending { it.length }
    }

    /** [text] with [MARK] in place of each secret. */
    fun of(text: String): String {
        if (text.length < LEAST || forms.isEmpty()) return text
        val end = text.indexOfLast { it !in CLOSING } + 1
        var clean: StringBuilder? = null
        var from = 0
        var at = 0
        while (at < end) {
            val behind = if (text[at].isWhitespace()) -1 else forms.maxOf { behind(text, at, end, it) }
            if (behind < 0) {
                at++
                continue
            }
            val kept = clean ?: StringBuilder(text.length).also { clean = it }
            kept.append(text, from, at).append(MARK)
            at = behind
            from = behind
        }
        return clean?.append(text, from, text.length)?.toString() ?: text
    }

    /** Where [form] ends that begins at [start], also when the text ends before it does; -1 when it does not stand there. */
    private fun behind(text: String, start: Int, end: Int, form: String): Int {
        var at = start
        for (index in form.indices) {
            at = next(text, at, end, form[index])
            if (at == OVER) return if (index >= LEAST) end else NOT_HERE
            if (at == NOT_HERE) return NOT_HERE
        }
        return at
    }

    /** Behind the character [wanted] at [start], plain or escaped; [OVER] when the text ends first. */
    private fun next(text: String, start: Int, end: Int, wanted: Char): Int {
        var at = start
        while (at < end && text[at] == '\\' && at < start + MOST_ESCAPES) {
            val code = if (text.startsWith("u", at + 1)) text.hex(at + 2, UNICODE, end) else null
            if (code == wanted.code) return at + 2 + UNICODE
            at++
        }
        if (at >= end) return OVER
        if (text[at] == wanted) return at + 1
        if (text[at] != '%') return NOT_HERE
        // Proxies encode what is encoded already.
        while (text.startsWith("%25", at) && at < start + MOST_ESCAPES) at += 2
        return when {
            text.hex(at + 1, BYTE, end) == wanted.code -> at + 1 + BYTE
            at + 1 + BYTE > end -> OVER
            else -> NOT_HERE
        }
    }

    private fun String.hex(from: Int, digits: Int, end: Int): Int? =
        if (from + digits > end) null else substring(from, from + digits).toIntOrNull(RADIX)

    /** The characters that stand for [secret] alone, wherever in three bytes it begins, in both alphabets. */
    private fun inBase64(secret: String): List<String> {
        val bytes = secret.encodeToByteArray()
        return (0 until GROUP).flatMap { before ->
            val whole = Base64.getEncoder().withoutPadding().encodeToString(ByteArray(before) + bytes)
            val shared = if ((before + bytes.size) % GROUP == 0) 0 else 1
            val own = whole.drop(if (before == 0) 0 else before + 1).dropLast(shared)
            listOf(own, own.replace('+', '-').replace('/', '_'))
        }
    }

    private companion object {
        const val LEAST = 8
        const val GROUP = 3
        const val BYTE = 2
        const val UNICODE = 4
        const val RADIX = 16

        /** Texts within texts within texts; no more, so that no body takes more than one pass. */
        const val MOST_ESCAPES = 16
        const val NOT_HERE = -1
        const val OVER = -2
        const val MARK = "[redacted]"

        /** What may stand behind a text that was clipped. */
        const val CLOSING = "…\"')]}"
    }
}
