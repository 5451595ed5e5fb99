package io.kompletion.internal.wire

import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnexpectedResponseException

/**
 * How much of one answer is held in memory at most. A server that sends more gets an error, and the heap stays whole; so
 * on a small heap the limits are lower.
 *
 * @property bodyBytes a body that is not streamed, and the text of an answer that is: an eighth of the heap, at most 64 MiB
 * @property jsonValues the values of one JSON document, each of which costs up to 200 bytes: at most 4 million
 * @property events the events of one stream
 */
internal class SizeLimits(
    val bodyBytes: Int = part(HEAP_BODIES, MAX_BODY_BYTES),
    val jsonValues: Int = part(HEAP_VALUE_BYTES, MAX_JSON_VALUES),
    val events: Int = MAX_EVENTS,
) {
    companion object {
        private const val HEAP_BODIES = 8
        private const val HEAP_VALUE_BYTES = 512
        private const val MAX_BODY_BYTES = 64 shl 20
        private const val MAX_JSON_VALUES = 4_000_000
        private const val MAX_EVENTS = 10_000_000

        /** Those of this machine. */
        val DEFAULT = SizeLimits()

        private fun part(divisor: Int, most: Int): Int =
            (Runtime.getRuntime().maxMemory() / divisor).coerceAtMost(most.toLong()).toInt()

        /** The failure of an answer that exceeds one of them; [code] begins with `limit.`. */
        fun exceeded(message: String, code: String): UnexpectedResponseException =
            UnexpectedResponseException(message, ErrorDetails.builder().code(code).build())
    }
}
