package io.kompletion.internal.wire

/** A text as one segment of a URL's path: whatever is in it, the path stays as deep as it was. */
internal object PathSegment {
    /** Everything but letters, digits and `-._~@` is escaped. */
    fun encode(text: String): String {
        require(fits(text)) { "a path segment must not be empty or relative" }
        return buildString {
            for (byte in text.encodeToByteArray()) {
                val char = byte.toInt().toChar()
                if (byte >= 0 && (char in 'a'..'z' || char in 'A'..'Z' || char in '0'..'9' || char in FREE)) {
                    append(char)
                } else {
                    append('%').append(HEX[(byte.toInt() shr 4) and 0xF]).append(HEX[byte.toInt() and 0xF])
                }
            }
        }
    }

    /** False for what would be no segment, or lead upwards, even when it is escaped. */
    fun fits(text: String): Boolean = text.isNotEmpty() && text != "." && text != ".."

    private const val FREE = "-._~@"
    private const val HEX = "0123456789ABCDEF"
}
