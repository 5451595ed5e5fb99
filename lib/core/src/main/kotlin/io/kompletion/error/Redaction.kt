package io.kompletion.error

import java.net.URLEncoder
import java.util.Base64

/**
 * Takes secrets out of what a server wrote: some echo the key that they refuse. A secret is found as it is, with slashes
 * escaped as JSON allows, percent-encoded, inside base64 (the credentials of `Basic` for one), and cut short at the end of
 * the text. Texts shorter than [LEAST] characters are no secrets; they stand in many texts by chance.
 */
internal class Redaction(secrets: Collection<String>) {
    private val secrets = secrets.filter { it.length >= LEAST }.distinct().sortedByDescending { it.length }
    private val forms: List<String> by lazy {
        this.secrets.flatMap { forms(it) }.distinct().sortedByDescending { it.length }
    }

    /** [text] with [MARK] in place of each secret. */
    fun of(text: String): String {
        if (secrets.isEmpty() || text.length < LEAST) return text
        var clean = text
        for (form in forms) {
            if (clean.contains(form, ignoreCase = '%' in form)) {
                clean =
                    clean.replace(form, MARK, '%' in form)
            }
        }
        return withoutBeginning(clean)
    }

    /** What is left of a secret where a text was clipped, or a body broke off. */
    private fun withoutBeginning(text: String): String {
        val end = text.removeSuffix("…")
        for (form in forms) {
            val length = (minOf(form.length - 1, end.length) downTo LEAST).firstOrNull {
                end.endsWith(form.substring(0, it))
            }
            if (length != null) return end.dropLast(length) + MARK + text.substring(end.length)
        }
        return text
    }

    private fun forms(secret: String): List<String> =
        listOf(secret, secret.replace("/", "\\/"), URLEncoder.encode(secret, "UTF-8")) + inBase64(secret)

    /** The characters that stand for [secret] alone, wherever in three bytes it begins. */
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
        const val MARK = "[redacted]"
    }
}
