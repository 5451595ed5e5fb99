package io.kompletion.providers.anthropic

import io.kompletion.chat.Usage
import io.kompletion.internal.wire.long
import io.kompletion.internal.wire.obj
import kotlinx.serialization.json.JsonObject

/**
 * Token counts: `input_tokens` leaves out what the cache read and wrote, so the input buckets stand beside each other;
 * thinking is contained in `output_tokens`.
 *
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching">Anthropic: prompt caching</a>
 */
internal fun anthropicUsage(figures: JsonObject): Usage {
    val written = figures.obj("cache_creation")
    val hour = atLeastZero(written?.long("ephemeral_1h_input_tokens"))
    val minutes = atLeastZero(written?.long("ephemeral_5m_input_tokens"))
    val allWritten = figures.long("cache_creation_input_tokens")?.let(::atLeastZero) ?: (hour + minutes)
    val output = atLeastZero(figures.long("output_tokens"))
    val thinking = atLeastZero(figures.obj("output_tokens_details")?.long("thinking_tokens")).coerceAtMost(output)
    val hourWritten = hour.coerceAtMost(allWritten)
    return Usage(
        uncachedInputTokens = atLeastZero(figures.long("input_tokens")),
        outputTokens = output - thinking,
        cacheReadTokens = atLeastZero(figures.long("cache_read_input_tokens")),
        cacheWriteTokens = allWritten - hourWritten,
        cacheWriteOneHourTokens = hourWritten,
        reasoningTokens = thinking,
        raw = figures,
    )
}

private fun atLeastZero(count: Long?): Long = maxOf(0, count ?: 0)
