package io.kompletion.opentelemetry.internal

import io.kompletion.chat.Usage
import io.kompletion.listen.UsageRecord
import io.opentelemetry.api.common.AttributeKey
import io.opentelemetry.api.common.Attributes
import io.opentelemetry.api.common.AttributesBuilder
import java.util.Locale

/** What stands in a span when its call has ended, however it ended. */
internal object UsageAttributes {
    fun of(record: UsageRecord): Attributes {
        val attributes = Attributes.builder()
            .put(GenAi.PROVIDER_NAME, ProviderNames.of(record.provider))
            .put(Own.OUTCOME, record.outcome.name.lowercase(Locale.ROOT))
            .put(Own.ATTEMPTS, record.attempts.toLong())
        record.conversationId?.let { attributes.put(GenAi.CONVERSATION_ID, it) }
        record.cost?.let { attributes.put(Own.COST, it.total.toDouble()) }
        // Tokens of an answer from the cache were used, and reported, by the call that made it.
        if (!record.isCached) record.usage?.let { tokens(attributes, it) }
        return attributes.build()
    }

    private fun tokens(attributes: AttributesBuilder, usage: Usage) {
        attributes.put(GenAi.USAGE_INPUT_TOKENS, usage.promptTokens)
        attributes.put(GenAi.USAGE_OUTPUT_TOKENS, usage.completionTokens)
        attributes.some(GenAi.USAGE_CACHE_READ, usage.cacheReadTokens)
        attributes.some(GenAi.USAGE_CACHE_CREATION, usage.cacheWriteTokens + usage.cacheWriteOneHourTokens)
        attributes.some(GenAi.USAGE_REASONING, usage.reasoningTokens)
    }

    private fun AttributesBuilder.some(key: AttributeKey<Long>, value: Long) {
        if (value != 0L) put(key, value)
    }
}
