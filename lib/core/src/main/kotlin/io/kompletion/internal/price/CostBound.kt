package io.kompletion.internal.price

import io.kompletion.catalog.ModelInfo
import io.kompletion.catalog.ModelPrices
import io.kompletion.catalog.TokenPrices
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.TokenBucket
import io.kompletion.error.ConfigurationException
import io.kompletion.provider.Target
import java.math.BigDecimal

/**
 * Says before a call what it can cost at most, and what it is expected to cost; null where nobody knows. What a provider
 * bills beside tokens is in none of it.
 */
internal class CostBound(private val catalog: Catalog) {
    /**
     * The dearest that a call to [target] can become: every token at the dearest price that may apply to it.
     *
     * @param inputTokens most tokens that it can have to read; null takes all that the model can read
     * @param marksCache whether something may be written to the provider's cache
     * @param hasMedia whether it has anything but text
     */
    fun most(target: Target, inputTokens: Long?, marksCache: Boolean, hasMedia: Boolean): BigDecimal? {
        val info = info(target) ?: return null
        val prices = info.prices ?: return null
        val request = target.request
        val context = info.contextTokens
        val input = if (inputTokens == null) context ?: return null else minOf(inputTokens, context ?: inputTokens)
        val output = outputTokens(request) ?: info.maxOutputTokens ?: context ?: return null
        val rates = applicable(prices, input, request)
        val read = dearest(rates, TokenBucket.INPUT) { bucket ->
            when (bucket) {
                TokenBucket.CACHE_WRITE, TokenBucket.CACHE_WRITE_ONE_HOUR -> marksCache
                TokenBucket.AUDIO_INPUT -> hasMedia
                else -> bucket.isInput
            }
        }
        val written = dearest(rates, TokenBucket.OUTPUT) { bucket ->
            when (bucket) {
                TokenBucket.AUDIO_OUTPUT, TokenBucket.IMAGE_OUTPUT -> request.modalities.orEmpty().any { it != "text" }
                else -> !bucket.isInput
            }
        }
        if (read == null || written == null) return null
        return amount(input, read) + amount(output * (request.n ?: 1), written)
    }

    /** What reading [inputTokens] and writing [outputTokens] costs at the usual prices. */
    fun usual(target: Target, inputTokens: Long, outputTokens: Long): BigDecimal? {
        val prices = info(target)?.prices?.forPrompt(inputTokens) ?: return null
        return amount(inputTokens, prices.input ?: return null) + amount(outputTokens, prices.output ?: return null)
    }

    /** Facts whose prices nobody disputes. */
    private fun info(target: Target): ModelInfo? = try {
        catalog.listed(target.providerId, target.model)
            ?.takeIf { info ->
                info.prices?.let { prices -> info.disputes.none { it.isFarFrom(prices.standard) } }
                    ?: false
            }
    } catch (_: ConfigurationException) {
        // A table that cannot be read knows nothing.
        null
    }

    private fun outputTokens(request: ChatCompletionRequest): Long? =
        (request.maxCompletionTokens ?: request.maxTokens)?.toLong()

    /** Every list of prices that the call may come under. */
    private fun applicable(prices: ModelPrices, input: Long, request: ChatCompletionRequest): List<TokenPrices> =
        listOf(prices.standard) +
            prices.longContext.filter { it.aboveTokens < input }.map { it.prices } +
            if (request.serviceTier == null) emptyList() else prices.services.values

    /** Null when the price of [main] is not known. */
    private fun dearest(rates: List<TokenPrices>, main: TokenBucket, counts: (TokenBucket) -> Boolean): BigDecimal? {
        if (rates[0][main] == null) return null
        return rates.flatMap { list -> TokenBucket.entries.filter(counts).mapNotNull { list[it] } }.max()
    }

    private fun amount(tokens: Long, perMillion: BigDecimal): BigDecimal =
        perMillion.multiply(BigDecimal.valueOf(tokens)).movePointLeft(PLACES_OF_A_MILLION)

    private companion object {
        const val PLACES_OF_A_MILLION = 6
    }
}
