package io.kompletion.providers.openai

import io.kompletion.chat.FinishReason
import io.kompletion.chat.RateLimits
import io.kompletion.chat.Usage
import io.kompletion.internal.wire.RetryHints
import io.kompletion.internal.wire.long
import io.kompletion.internal.wire.obj
import io.kompletion.transport.WireHeaders
import kotlinx.serialization.json.JsonObject

/**
 * Token counts: cached ⊂ prompt, reasoning ⊂ completion. Servers that count reasoning beside the completion (xAI,
 * Google's OpenAI endpoint) show it by a total that is larger than both; what is over is reasoning, billed as output.
 */
internal fun openAiUsage(usage: JsonObject): Usage? {
    val prompt = usage.long("prompt_tokens")
    val completion = usage.long("completion_tokens")
    if (prompt == null && completion == null) return null
    val input = usage.obj("prompt_tokens_details")
    val output = usage.obj("completion_tokens_details")
    val apart = maxOf(0, (usage.long("total_tokens") ?: 0) - (prompt ?: 0) - (completion ?: 0))
    return Usage.ofTotals(
        prompt = prompt ?: 0,
        completion = (completion ?: 0) + apart,
        cacheRead =
        input?.long("cached_tokens") ?: usage.long("prompt_cache_hit_tokens") ?: usage.long("cached_tokens")
            ?: usage.long("num_cached_tokens") ?: 0,
        cacheWrite = input?.long("cache_write_tokens") ?: input?.long("cache_creation_input_tokens") ?: 0,
        audioInput = input?.long("audio_tokens") ?: 0,
        imageInput = input?.long("image_tokens") ?: 0,
        reasoning = maxOf(apart, output?.long("reasoning_tokens") ?: usage.long("reasoning_tokens") ?: 0),
        audioOutput = output?.long("audio_tokens") ?: 0,
        imageOutput = output?.long("image_tokens") ?: 0,
        raw = usage,
    )
}

/** What a finish reason of this protocol means. */
internal fun openAiFinishReason(native: String): FinishReason = when (native) {
    "stop", "eos", "end_turn", "stop_sequence" -> FinishReason.STOP
    "length", "model_length", "max_tokens" -> FinishReason.LENGTH
    "tool_calls", "function_call", "tool_use" -> FinishReason.TOOL_CALLS
    "content_filter", "sensitive", "refusal" -> FinishReason.CONTENT_FILTER
    else -> FinishReason.OTHER
}

/** The `x-ratelimit-…` headers, or null when there are none. */
internal fun openAiRateLimits(headers: WireHeaders): RateLimits? {
    fun count(vararg names: String) = names.firstNotNullOfOrNull { headers["x-ratelimit-$it"] }
        ?.trim()?.toLongOrNull()?.takeIf { it >= 0 }
    fun time(name: String) = headers["x-ratelimit-$name"]?.let { RetryHints.goDuration(it) ?: RetryHints.seconds(it) }
    val limits = RateLimits(
        limitRequests = count("limit-requests", "limit-req-minute"),
        remainingRequests = count("remaining-requests", "remaining-req-minute"),
        resetRequests = time("reset-requests"),
        limitTokens = count("limit-tokens", "limit-tokens-minute"),
        remainingTokens = count("remaining-tokens", "remaining-tokens-minute"),
        resetTokens = time("reset-tokens"),
    )
    return limits.takeIf { it != RateLimits(null) }
}
