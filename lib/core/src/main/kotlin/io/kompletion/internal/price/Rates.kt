package io.kompletion.internal.price

import io.kompletion.catalog.ModelPrices
import io.kompletion.catalog.TokenPrices
import io.kompletion.chat.TokenBucket
import java.math.BigDecimal
import java.math.MathContext
import java.util.Locale

/** The price of each bucket of one call, under its length of prompt and its service tier. */
internal class Rates(private val name: String, private val prices: ModelPrices, promptTokens: Long, tier: String?) {
    private val base: TokenPrices = prices.forPrompt(promptTokens)
    private val tier: String? = tier?.trim()?.lowercase(Locale.ROOT)?.takeIf { it.isNotEmpty() && it !in USUAL }
    private val service: TokenPrices? = this.tier?.let { called ->
        prices.services[SYNONYMS[called] ?: called]
            ?: throw Unknown("no price of $name in service tier \"$called\" is known")
    }
    private val notes = LinkedHashSet<String>()

    fun notes(): List<String> = notes.toList()

    /** Dollars for a million tokens. */
    fun of(bucket: TokenBucket): BigDecimal {
        val usual = standIn(base, bucket) ?: throw Unknown("no price of $name for ${bucket.key} is known")
        if (service == null) return usual
        if (base === prices.standard) service[bucket]?.let { return it }
        return scaled(usual, bucket.isInput, service)
    }

    private fun standIn(prices: TokenPrices, bucket: TokenBucket): BigDecimal? = prices[bucket] ?: when (bucket) {
        // Documented by every provider that counts them: reasoning is output, and images are read as text is.
        TokenBucket.REASONING -> prices.output

        TokenBucket.IMAGE_INPUT -> prices.input

        // At worst what it would cost without a cache.
        TokenBucket.CACHE_READ -> prices.input?.also {
            notes +=
                "no price of $name for cache_read is known; taken as input"
        }

        else -> null
    }

    /** What the service tier makes of a usual price, by its factor on that side. */
    private fun scaled(price: BigDecimal, isInput: Boolean, service: TokenPrices): BigDecimal {
        val side = if (isInput) TokenBucket.INPUT else TokenBucket.OUTPUT
        val usual = prices.standard[side]?.takeIf { it.signum() > 0 }
        val special = service[side]
        if (usual == null || special == null) throw Unknown("no price of $name in service tier \"$tier\" is known")
        return price.multiply(special).divide(usual, MathContext.DECIMAL128)
    }

    private companion object {
        /** The words of the providers for the usual prices. */
        val USUAL = setOf("default", "standard", "auto", "on_demand", "standard_only", "service_tier_unspecified")
        val SYNONYMS = mapOf("batches" to "batch")
    }
}
