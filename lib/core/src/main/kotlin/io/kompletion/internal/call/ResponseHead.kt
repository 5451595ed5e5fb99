package io.kompletion.internal.call

import io.kompletion.chat.RateLimits
import io.kompletion.chat.Warning

/** What is known of an answer before its body. */
internal class ResponseHead(
    val status: Int,
    val requestId: String?,
    val rateLimits: RateLimits?,
    val warnings: List<Warning>,
)
