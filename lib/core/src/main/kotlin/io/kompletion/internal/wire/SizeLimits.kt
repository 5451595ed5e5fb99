package io.kompletion.internal.wire

import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnexpectedResponseException

/**
 * How much of one answer is held in memory at most. A server that sends more gets an error, and the heap stays whole; so
 * on a small heap the limits are lower. What one document of JSON may be is in [JsonLimits].
 *
 * @property bodyBytes a body that is not streamed, and the text of an answer that is: an eighth of the heap, at most 64 MiB
 * @property events the events of one stream
 */
internal class SizeLimits(
    val bodyBytes: Int = minOf(MAX_BODY_BYTES, Runtime.getRuntime().maxMemory() / HEAP_BODIES).toInt(),
    val events: Int = MAX_EVENTS,
) {
    companion object {
        const val HEAP_BODIES = 8
        const val MAX_BODY_BYTES = 64L shl 20
        const val MAX_EVENTS = 10_000_000

        /** Those of this machine. */
        val DEFAULT = SizeLimits()

        /** The failure of an answer that exceeds one of them; [code] begins with `limit.`. */
        fun exceeded(message: String, code: String): UnexpectedResponseException =
            UnexpectedResponseException(message, ErrorDetails.builder().code(code).build())
    }
}
