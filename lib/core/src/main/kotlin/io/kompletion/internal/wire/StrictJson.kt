package io.kompletion.internal.wire

/**
 * Says whether text is JSON by the letter of RFC 8259, without building anything. The parser of the serialization
 * library accepts more than JSON, so it cannot answer that question.
 */
internal object StrictJson {
    private const val MAX_DEPTH = 200

    /** Whether [text] is one JSON object, with white space around it at most. */
    fun isObject(text: String): Boolean {
        val first = text.firstOrNull { it > ' ' } ?: return false
        return first == '{' && text.encodeToByteArray().let { isDocument(it, 0, it.size) }
    }

    /** Whether [text] is a number, `true`, `false` or `null` as JSON spells them. */
    fun isLiteral(text: String): Boolean = text.isNotEmpty() && text[0] !in "{[\" \t\r\n" &&
        text.encodeToByteArray().let { isDocument(it, 0, it.size) }

    /** Whether the range is one JSON value, with white space around it at most, nested no deeper than 200. */
    fun isDocument(bytes: ByteArray, start: Int, end: Int): Boolean {
        val scanner = Scanner(bytes, end)
        scanner.at = start
        return scanner.value(0) && scanner.atEnd()
    }

    private class Scanner(val bytes: ByteArray, val end: Int) {
        var at = 0

        fun atEnd(): Boolean {
            skipSpace()
            return at == end
        }

        fun value(depth: Int): Boolean {
            skipSpace()
            if (at == end || depth > MAX_DEPTH) return false
            return when (bytes[at].toInt().toChar()) {
                '{' -> container(depth, '}', isObject = true)
                '[' -> container(depth, ']', isObject = false)
                '"' -> string()
                't' -> literal("true")
                'f' -> literal("false")
                'n' -> literal("null")
                else -> number()
            }
        }

        private fun container(depth: Int, close: Char, isObject: Boolean): Boolean {
            at++
            skipSpace()
            if (take(close)) return true
            while (true) {
                if (isObject) {
                    skipSpace()
                    if (at == end || !string()) return false
                    skipSpace()
                    if (!take(':')) return false
                }
                if (!value(depth + 1)) return false
                skipSpace()
                if (take(close)) return true
                if (!take(',')) return false
            }
        }

        private fun string(): Boolean {
            if (!take('"')) return false
            while (at < end) {
                val b = bytes[at++].toInt()
                when {
                    b == '"'.code -> return true
                    b in 0..0x1F -> return false
                    b == '\\'.code -> if (!escape()) return false
                }
            }
            return false
        }

        private fun escape(): Boolean {
            if (at == end) return false
            val c = bytes[at++].toInt().toChar()
            if (c != 'u') return c in "\"\\/bfnrt"
            if (end - at < 4) return false
            repeat(4) { if (bytes[at++].toInt().toChar().digitToIntOrNull(16) == null) return false }
            return true
        }

        private fun number(): Boolean {
            take('-')
            if (!take('0') && !digits()) return false
            if (take('.') && !digits()) return false
            if (take('e') || take('E')) {
                if (!take('+')) take('-')
                if (!digits()) return false
            }
            return true
        }

        private fun digits(): Boolean {
            val from = at
            while (at < end && bytes[at] in DIGITS) at++
            return at > from
        }

        private fun literal(word: String): Boolean {
            for (c in word) if (!take(c)) return false
            return true
        }

        private fun take(c: Char): Boolean {
            if (at < end && bytes[at].toInt() == c.code) {
                at++
                return true
            }
            return false
        }

        private fun skipSpace() {
            while (at < end) {
                when (bytes[at].toInt()) {
                    0x20, 0x09, 0x0A, 0x0D -> at++
                    else -> return
                }
            }
        }
    }

    private val DIGITS = '0'.code.toByte()..'9'.code.toByte()
}
