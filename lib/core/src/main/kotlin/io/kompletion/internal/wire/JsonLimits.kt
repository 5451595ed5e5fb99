package io.kompletion.internal.wire

/**
 * What a document must not be, looked at before a tree is made of it: a tree takes many times the memory of its text,
 * and whoever walks a deep one runs out of stack.
 */
internal enum class JsonLimits(val code: String) {
    DEPTH("limit.depth"),
    VALUES("limit.values"),
    ;

    /** What is wrong with a document that breaks it. */
    val what: String
        get() = when (this) {
            DEPTH -> "is nested more than $MAX_DEPTH deep"
            VALUES -> "has more than $maxValues values"
        }

    companion object {
        /** As deep as the parser of kotlinx.serialization goes. */
        const val MAX_DEPTH = 400

        /**
         * About 200 MB as a tree; an answer with twenty alternatives for each of 8,000 tokens has half of them. A small
         * heap takes one for each [HEAP_PER_VALUE] bytes.
         */
        const val MOST_VALUES = 2_000_000L
        const val HEAP_PER_VALUE = 512L
        private val maxValues = minOf(MOST_VALUES, Runtime.getRuntime().maxMemory() / HEAP_PER_VALUE).toInt()

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
                if (values > maxValues) return VALUES
                at++
            }
            return null
        }
    }
}
