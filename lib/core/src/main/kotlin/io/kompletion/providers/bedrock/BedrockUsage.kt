package io.kompletion.providers.bedrock

import io.kompletion.chat.Usage
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.long
import io.kompletion.internal.wire.string
import kotlinx.serialization.json.JsonObject

/**
 * Token counts: `inputTokens` leaves out what the cache read and wrote, so the input buckets stand beside each other;
 * reasoning is contained in `outputTokens` and not told apart.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html">AWS: TokenUsage</a>
 */
internal fun bedrockUsage(figures: JsonObject): Usage {
    val written = atLeastZero(figures.long("cacheWriteInputTokens"))
    val hour = figures.array("cacheDetails").orEmpty().mapNotNull { it as? JsonObject }
        .filter { it.string("ttl") == "1h" }
        .sumOf { atLeastZero(it.long("inputTokens")) }
        .coerceAtMost(written)
    return Usage(
        uncachedInputTokens = atLeastZero(figures.long("inputTokens")),
        outputTokens = atLeastZero(figures.long("outputTokens")),
        cacheReadTokens = atLeastZero(figures.long("cacheReadInputTokens")),
        cacheWriteTokens = written - hour,
        cacheWriteOneHourTokens = hour,
        raw = figures,
    )
}

private fun atLeastZero(count: Long?): Long = maxOf(0, count ?: 0)
