package io.kompletion.providers.cohere

import io.kompletion.chat.FinishReason
import io.kompletion.chat.Usage
import io.kompletion.internal.wire.long
import io.kompletion.internal.wire.obj
import kotlinx.serialization.json.JsonObject

/**
 * Token counts as they are billed. Cohere counts twice: `billed_units` is what is paid for, `tokens` what the model
 * read and wrote, with Cohere's own instructions and markers in it. `cached_tokens` are of the second kind, so they are
 * told only where both counts agree; all figures stay in [Usage.raw].
 */
internal fun cohereUsage(usage: JsonObject): Usage? {
    val all = usage.obj("tokens")
    val billed = usage.obj("billed_units")?.takeIf { it.long("input_tokens") != null } ?: all ?: return null
    val input = billed.long("input_tokens") ?: 0
    val isWhole = all == null || all.long("input_tokens") == input
    return Usage.ofTotals(
        prompt = input,
        completion = billed.long("output_tokens") ?: 0,
        cacheRead = if (isWhole) usage.long("cached_tokens") ?: 0 else 0,
        imageInput = billed.long("image_tokens") ?: all?.long("image_tokens") ?: 0,
        reasoning = all?.long("reasoning_tokens") ?: 0,
        raw = usage,
    )
}

/** What a finish reason of Cohere's means. */
internal fun cohereFinishReason(native: String): FinishReason = when (native) {
    "COMPLETE", "STOP_SEQUENCE" -> FinishReason.STOP
    "MAX_TOKENS", "ERROR_LIMIT" -> FinishReason.LENGTH
    "TOOL_CALL" -> FinishReason.TOOL_CALLS
    "ERROR_TOXIC" -> FinishReason.CONTENT_FILTER
    else -> FinishReason.OTHER
}
