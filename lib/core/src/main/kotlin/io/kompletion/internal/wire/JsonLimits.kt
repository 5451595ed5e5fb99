package io.kompletion.internal.wire

/** As deep as the parser of kotlinx.serialization goes. */
private const val MAX_DEPTH = 400

/**
 * 2 million are about 200 MB as a tree; an answer with twenty alternatives for each of 8,000 tokens has half of them. A
 * small heap takes one for each 512 bytes.
 */
private val MAX_VALUES = minOf(2_000_000L, Runtime.getRuntime().maxMemory() / 512).toInt()

/**
 * What a document must not be, looked at before a tree is made of it: a tree takes many times the memory of its text,
 * and whoever walks a deep one runs out of stack.
 */
internal enum class JsonLimits(val code: String, val what: String) {
    DEPTH("limit.depth", "is nested more than $MAX_DEPTH deep"),
    VALUES("limit.values", "has more than $MAX_VALUES values"),
    ;

    companion object {
        /** The limit that [text] breaks, or null. */
        fun brokenBy(text: String): JsonLimits? {
            if (text.length <= MAX_DEPTH) return null
            var depth = 0
            var values = 0
            var inString = false
            var at = 0
            while (at < text.length) {
                when (text[at]) {
                    '"' -> inString = !inString

                    '\\' -> if (inString) at++

                    '{', '[' -> if (!inString) {
                        if (++depth > MAX_DEPTH) return DEPTH
                        values++
                    }

                    '}', ']' -> if (!inString) depth--

                    ',' -> if (!inString) values++
                }
                if (values > MAX_VALUES) return VALUES
                at++
            }
            return null
        }
    }
}
