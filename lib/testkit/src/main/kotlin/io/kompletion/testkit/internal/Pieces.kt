package io.kompletion.testkit.internal

/** [text] cut before every word, so that the pieces together are [text] again. */
internal fun words(text: String): List<String> = text.split(BEFORE_WORD).filter { it.isNotEmpty() }

/** [text] in pieces of [size] code points; a surrogate pair is never cut. */
internal fun pieces(text: String, size: Int): List<String> {
    val pieces = ArrayList<String>()
    var from = 0
    while (from < text.length) {
        val left = text.codePointCount(from, text.length)
        val to = text.offsetByCodePoints(from, minOf(size.coerceAtLeast(1), left))
        pieces += text.substring(from, to)
        from = to
    }
    return pieces
}

private val BEFORE_WORD = Regex("(?<=\\S)(?=\\s)")
