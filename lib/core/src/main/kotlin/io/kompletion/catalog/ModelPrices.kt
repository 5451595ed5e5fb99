package io.kompletion.catalog

import java.math.BigDecimal
import java.util.Locale
import java.util.function.Consumer

/**
 * Everything that is known of what a model costs. Immutable.
 *
 * @property standard the usual prices
 * @property longContext prices of calls with long prompts, the lowest bound first; they hold for the whole call
 * @property services prices under a service tier, `batch`, `flex` or `priority`. A bucket that one of them leaves out
 *   follows the factor between its input and the usual input, and likewise on the side of the output
 * @property perUnit prices in dollars of other things than tokens, by what is counted: `image`, `query`, `request`, `page`,
 *   `input_character`, `input_second`, `output_second`, `video_second`. They are not part of `response.cost`
 */
public class ModelPrices internal constructor(
    public val standard: TokenPrices,
    public val longContext: List<LongContextPrices> = emptyList(),
    public val services: Map<String, TokenPrices> = emptyMap(),
    public val perUnit: Map<String, BigDecimal> = emptyMap(),
) {
    /** What holds for a prompt of [tokens]. */
    internal fun forPrompt(tokens: Long): TokenPrices =
        longContext.lastOrNull { tokens > it.aboveTokens }?.prices ?: standard

    public fun toBuilder(): Builder = Builder().standard(standard).also { copy ->
        longContext.forEach { copy.longContext(it.aboveTokens, it.prices) }
        services.forEach { (name, prices) -> copy.service(name, prices) }
        perUnit.forEach { (unit, price) -> copy.perUnit(unit, price) }
    }

    override fun equals(other: Any?): Boolean = other is ModelPrices && standard == other.standard &&
        longContext == other.longContext && services == other.services && perUnit == other.perUnit

    override fun hashCode(): Int = listOf(standard, longContext, services, perUnit).hashCode()

    override fun toString(): String =
        "ModelPrices(standard=$standard, longContext=$longContext, services=$services, perUnit=$perUnit)"

    /** Collects [ModelPrices]. */
    public class Builder internal constructor() {
        private var standard = TokenPrices.builder().build()
        private val longContext = ArrayList<LongContextPrices>()
        private val services = LinkedHashMap<String, TokenPrices>()
        private val perUnit = LinkedHashMap<String, BigDecimal>()

        /** The usual prices. */
        public fun standard(prices: TokenPrices): Builder = apply { standard = prices }

        /** The same, made here. */
        @JvmSynthetic
        public fun standard(prices: TokenPrices.Builder.() -> Unit): Builder =
            standard(standard.toBuilder().apply(prices).build())

        /** Prices for calls whose prompt has more than [aboveTokens]; they need every bucket that has one. */
        public fun longContext(aboveTokens: Long, prices: TokenPrices): Builder = apply {
            require(aboveTokens > 0) { "aboveTokens must be positive, got $aboveTokens" }
            longContext += LongContextPrices(aboveTokens, prices)
        }

        /** Prices under the service tier [name]: `batch`, `flex`, `priority`, or another that a provider answers with. */
        public fun service(name: String, prices: TokenPrices): Builder =
            apply { services[name.trim().lowercase(Locale.ROOT)] = prices }

        /** A price in dollars of one [unit]. */
        public fun perUnit(unit: String, price: BigDecimal): Builder = apply {
            require(price.signum() >= 0) { "price of $unit must not be negative, got ${price.toPlainString()}" }
            perUnit[unit] = price
        }

        public fun build(): ModelPrices = ModelPrices(
            standard,
            longContext.sortedBy { it.aboveTokens },
            services.toMap(),
            perUnit.toMap(),
        )
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder()

        /** With the usual prices alone. */
        @JvmStatic
        public fun of(standard: TokenPrices): ModelPrices = Builder().standard(standard).build()

        /** With the usual prices alone, for Java. */
        @JvmStatic
        public fun of(standard: Consumer<TokenPrices.Builder>): ModelPrices =
            of(TokenPrices.builder().also(standard::accept).build())
    }
}

/**
 * What holds for the whole of a call with a long prompt.
 *
 * @property aboveTokens the tokens that a prompt must have more than, cached ones included
 */
public class LongContextPrices internal constructor(public val aboveTokens: Long, public val prices: TokenPrices) {
    override fun equals(other: Any?): Boolean =
        other is LongContextPrices && aboveTokens == other.aboveTokens && prices == other.prices

    override fun hashCode(): Int = 31 * aboveTokens.hashCode() + prices.hashCode()

    override fun toString(): String = "above $aboveTokens: $prices"
}
