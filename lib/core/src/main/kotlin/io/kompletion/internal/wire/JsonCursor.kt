package io.kompletion.internal.wire

/**
 * Walks over the JSON of one small event, in place, for readers of shapes that are known beforehand. Builds nothing but
 * the strings that are asked for. Everything it cannot vouch for is [failed], and the caller reads the event in the
 * general way instead; so it need not, and does not, accept everything that is JSON.
 *
 * Not thread-safe; made once and reused from event to event.
 */
internal class JsonCursor {
    private var bytes = NOTHING
    private var at = 0
    private var end = 0
    private var chars = CharArray(INITIAL_CHARS)

    /** Whether something came that this cursor does not read. */
    var failed = false
        private set

    /** The last key, as a range of the event. */
    private var keyStart = 0
    private var keyEnd = 0

    /** The last string, as a range between its quotes. */
    var textStart = 0
        private set
    var textEnd = 0
        private set
    private var isPlain = true

    fun reset(bytes: ByteArray, start: Int, end: Int) {
        this.bytes = bytes
        this.at = start
        this.end = end
        failed = false
    }

    /** Gives up; everything answers false from here on. */
    fun fail(): Boolean {
        failed = true
        return false
    }

    /** Takes [c] if it is next. */
    fun take(c: Char): Boolean {
        skipSpace()
        if (at < end && bytes[at].toInt() == c.code) {
            at++
            return true
        }
        return false
    }

    fun expect(c: Char): Boolean = take(c) || fail()

    /** Whether nothing but white space follows. */
    fun atEnd(): Boolean {
        skipSpace()
        return at == end
    }

    /** Takes a key and its colon. */
    fun key(): Boolean {
        if (!string() || !isPlain) return fail()
        keyStart = textStart
        keyEnd = textEnd
        return expect(':')
    }

    /** Whether the last key is [name], which is ASCII. */
    fun keyIs(name: String): Boolean = sameAs(name, keyStart, keyEnd)

    /** The length of the last key in bytes, to tell keys apart quickly. */
    val keyLength: Int get() = keyEnd - keyStart

    /** Takes `null` if it is next. */
    fun takeNull(): Boolean {
        skipSpace()
        if (end - at < NULL.length || !sameAs(NULL, at, at + NULL.length)) return false
        at += NULL.length
        return true
    }

    /** Takes a string and remembers where it stands; [text] makes it. */
    fun string(): Boolean {
        if (!take('"')) return fail()
        textStart = at
        isPlain = true
        while (at < end) {
            val b = bytes[at].toInt()
            if (b == QUOTE) {
                textEnd = at++
                return true
            }
            if (b < FIRST_ASCII || b == BACKSLASH) {
                if (b in 0 until FIRST_ASCII) return fail()
                isPlain = false
                if (b == BACKSLASH) {
                    if (escape(at, end) < 0) return false
                    at++
                }
            }
            at++
        }
        return fail()
    }

    /** Takes a string or a number without a sign or exponent, and looks at neither. */
    fun skipScalar(): Boolean {
        skipSpace()
        if (at == end) return fail()
        if (bytes[at].toInt() == QUOTE) return string()
        return digits() && (at == end || bytes[at].toInt() != '.'.code || (++at > 0 && digits()))
    }

    private fun digits(): Boolean {
        val from = at
        while (at < end && bytes[at] in DIGITS) at++
        return at > from || fail()
    }

    /** Takes a whole number of few digits; -1 and [failed] when something else is next. */
    fun smallNumber(): Int {
        skipSpace()
        var value = 0
        val from = at
        while (at < end && bytes[at] in DIGITS) value = value * 10 + (bytes[at++] - DIGITS.first)
        if (at == from || at - from > MOST_DIGITS) {
            fail()
            return -1
        }
        return value
    }

    /** Whether the last string is empty. */
    val isEmpty: Boolean get() = textStart == textEnd

    /** The string between the given ends, [plain] when it is ASCII without escapes. Null and [failed] on a bad escape. */
    fun text(start: Int, end: Int, plain: Boolean): String? {
        if (start == end) return ""
        if (plain) return String(bytes, start, end - start, Charsets.ISO_8859_1)
        return if (hasEscape(start, end)) unescaped(start, end) else String(bytes, start, end - start, Charsets.UTF_8)
    }

    /** Whether the last string is ASCII without escapes. */
    val isPlainText: Boolean get() = isPlain

    /** Whether the last string has these bytes. */
    fun textIs(other: ByteArray): Boolean {
        if (other.size != textEnd - textStart) return false
        for (i in other.indices) if (bytes[textStart + i] != other[i]) return false
        return true
    }

    /** A copy of the last string's bytes. */
    fun textBytes(): ByteArray = bytes.copyOfRange(textStart, textEnd)

    private fun hasEscape(start: Int, end: Int): Boolean {
        for (i in start until end) if (bytes[i].toInt() == BACKSLASH) return true
        return false
    }

    private fun unescaped(start: Int, end: Int): String? {
        if (chars.size < end - start) chars = CharArray(maxOf(end - start, chars.size * 2))
        var length = 0
        var from = start
        while (from < end) {
            val b = bytes[from].toInt()
            if (b < 0) return wide(start, end)
            if (b != BACKSLASH) {
                chars[length++] = b.toChar()
                from++
                continue
            }
            val c = escape(from, end)
            if (c < 0) return null
            chars[length++] = c.toChar()
            from += if (bytes[from + 1].toInt() == 'u'.code) UNICODE_ESCAPE else 2
        }
        return String(chars, 0, length)
    }

    /** Escapes among characters beyond ASCII: rare enough to be read in two steps. */
    private fun wide(start: Int, end: Int): String? {
        val joined = StringBuilder(end - start)
        var from = start
        while (from < end) {
            var to = from
            while (to < end && bytes[to].toInt() != BACKSLASH) to++
            if (to > from) joined.append(String(bytes, from, to - from, Charsets.UTF_8))
            if (to == end) break
            val c = escape(to, end)
            if (c < 0) return null
            joined.append(c.toChar())
            from = to + if (bytes[to + 1].toInt() == 'u'.code) UNICODE_ESCAPE else 2
        }
        return joined.toString()
    }

    private fun escape(at: Int, end: Int): Int {
        if (end - at < 2) return bad()
        return when (bytes[at + 1].toInt().toChar()) {
            '"' -> '"'.code
            '\\' -> '\\'.code
            '/' -> '/'.code
            'n' -> '\n'.code
            'r' -> '\r'.code
            't' -> '\t'.code
            'b' -> '\b'.code
            'f' -> FORM_FEED
            'u' -> unicode(at + 2, end)
            else -> bad()
        }
    }

    private fun unicode(at: Int, end: Int): Int {
        if (end - at < UNICODE_ESCAPE - 2) return bad()
        var code = 0
        for (i in at until at + UNICODE_ESCAPE - 2) {
            val digit = Character.digit(bytes[i].toInt(), 16)
            if (digit < 0) return bad()
            code = (code shl 4) or digit
        }
        return code
    }

    private fun bad(): Int {
        fail()
        return -1
    }

    private fun sameAs(text: String, start: Int, end: Int): Boolean {
        if (text.length != end - start) return false
        for (i in text.indices) if (bytes[start + i].toInt() != text[i].code) return false
        return true
    }

    private fun skipSpace() {
        while (at < end) {
            val b = bytes[at].toInt()
            if (b != 0x20 && b != 0x0A && b != 0x0D && b != 0x09) return
            at++
        }
    }

    private companion object {
        val NOTHING = ByteArray(0)
        const val NULL = "null"
        const val QUOTE = '"'.code
        const val BACKSLASH = '\\'.code
        const val FIRST_ASCII = 0x20
        const val FORM_FEED = 0x0C
        const val UNICODE_ESCAPE = 6
        const val MOST_DIGITS = 4
        const val INITIAL_CHARS = 64
        val DIGITS = '0'.code.toByte()..'9'.code.toByte()
    }
}
