package io.kompletion.chat.sentence

/** The character references of HTML that models write. */
internal object Entities {
    /** Longest distance from the ampersand to the semicolon. */
    const val LONGEST = 10
    private const val HEX = 16

    private val named = mapOf(
        "amp" to "&", "lt" to "<", "gt" to ">", "quot" to "\"", "apos" to "'", "nbsp" to " ", "ndash" to "–",
        "mdash" to "—", "hellip" to "…", "lsquo" to "‘", "rsquo" to "’", "ldquo" to "“", "rdquo" to "”", "copy" to "©",
        "reg" to "®", "trade" to "™", "euro" to "€", "pound" to "£", "yen" to "¥", "cent" to "¢", "deg" to "°",
        "times" to "×", "divide" to "÷", "plusmn" to "±", "frac12" to "½", "sect" to "§",
        "laquo" to "«", "raquo" to "»",
        "bull" to "", "middot" to "·", "shy" to "", "zwj" to "", "zwnj" to "",
    )

    /** The text for the reference called [name], or null when there is none. */
    fun decode(name: String): String? {
        if (!name.startsWith('#')) return named[name]
        val digits = name.substring(1)
        val isHex = digits.startsWith('x') || digits.startsWith('X')
        return when (val code = if (isHex) digits.substring(1).toIntOrNull(HEX) else digits.toIntOrNull()) {
            null, 0, in 0xD800..0xDFFF -> null

            in 1..0xFFFF -> code.toChar().toString()

            in 0x10000..0x10FFFF -> charArrayOf(
                (0xD800 + ((code - 0x10000) shr 10)).toChar(),
                (0xDC00 + ((code - 0x10000) and 0x3FF)).toChar(),
            ).concatToString()

            else -> null
        }
    }
}
