package io.kompletion.catalog

import io.kompletion.chat.TokenBucket
import java.math.BigDecimal

/**
 * Prices of the buckets of `Usage`, in US dollars for a million tokens; null is not known, which is something else than
 * 0. Immutable.
 */
public class TokenPrices internal constructor(private val prices: Map<TokenBucket, BigDecimal>) {
    /** Text read without a cache. */
    public val input: BigDecimal? get() = prices[TokenBucket.INPUT]

    /** Read from the provider's prompt cache. */
    public val cacheRead: BigDecimal? get() = prices[TokenBucket.CACHE_READ]

    /** Written to the cache for five minutes, or for a time that the provider does not name. */
    public val cacheWrite: BigDecimal? get() = prices[TokenBucket.CACHE_WRITE]

    /** Written to the cache for an hour. */
    public val cacheWriteOneHour: BigDecimal? get() = prices[TokenBucket.CACHE_WRITE_ONE_HOUR]

    /** Sound read. */
    public val audioInput: BigDecimal? get() = prices[TokenBucket.AUDIO_INPUT]

    /** Images read; null where they cost what text costs. */
    public val imageInput: BigDecimal? get() = prices[TokenBucket.IMAGE_INPUT]

    /** Visible text and tool calls. */
    public val output: BigDecimal? get() = prices[TokenBucket.OUTPUT]

    /** Reasoning; null where it costs what other output costs. */
    public val reasoning: BigDecimal? get() = prices[TokenBucket.REASONING]

    /** Sound answered. */
    public val audioOutput: BigDecimal? get() = prices[TokenBucket.AUDIO_OUTPUT]

    /** Images answered. */
    public val imageOutput: BigDecimal? get() = prices[TokenBucket.IMAGE_OUTPUT]

    internal operator fun get(bucket: TokenBucket): BigDecimal? = prices[bucket]

    internal val isEmpty: Boolean get() = prices.isEmpty()

    public fun toBuilder(): Builder = Builder().also { it.prices.putAll(prices) }

    override fun equals(other: Any?): Boolean = other is TokenPrices && prices == other.prices

    override fun hashCode(): Int = prices.hashCode()

    override fun toString(): String = prices.entries.joinToString(", ", "TokenPrices(", ")") { (bucket, price) ->
        "${bucket.key}=${price.toPlainString()}"
    }

    /** Collects [TokenPrices]; in dollars for a million tokens. A price below 0 is an [IllegalArgumentException]. */
    public class Builder internal constructor() {
        internal val prices = LinkedHashMap<TokenBucket, BigDecimal>()

        public fun input(price: BigDecimal): Builder = set(TokenBucket.INPUT, price)

        public fun input(price: String): Builder = set(TokenBucket.INPUT, price)

        public fun cacheRead(price: BigDecimal): Builder = set(TokenBucket.CACHE_READ, price)

        public fun cacheRead(price: String): Builder = set(TokenBucket.CACHE_READ, price)

        public fun cacheWrite(price: BigDecimal): Builder = set(TokenBucket.CACHE_WRITE, price)

        public fun cacheWrite(price: String): Builder = set(TokenBucket.CACHE_WRITE, price)

        public fun cacheWriteOneHour(price: BigDecimal): Builder = set(TokenBucket.CACHE_WRITE_ONE_HOUR, price)

        public fun cacheWriteOneHour(price: String): Builder = set(TokenBucket.CACHE_WRITE_ONE_HOUR, price)

        public fun audioInput(price: BigDecimal): Builder = set(TokenBucket.AUDIO_INPUT, price)

        public fun audioInput(price: String): Builder = set(TokenBucket.AUDIO_INPUT, price)

        public fun imageInput(price: BigDecimal): Builder = set(TokenBucket.IMAGE_INPUT, price)

        public fun imageInput(price: String): Builder = set(TokenBucket.IMAGE_INPUT, price)

        public fun output(price: BigDecimal): Builder = set(TokenBucket.OUTPUT, price)

        public fun output(price: String): Builder = set(TokenBucket.OUTPUT, price)

        public fun reasoning(price: BigDecimal): Builder = set(TokenBucket.REASONING, price)

        public fun reasoning(price: String): Builder = set(TokenBucket.REASONING, price)

        public fun audioOutput(price: BigDecimal): Builder = set(TokenBucket.AUDIO_OUTPUT, price)

        public fun audioOutput(price: String): Builder = set(TokenBucket.AUDIO_OUTPUT, price)

        public fun imageOutput(price: BigDecimal): Builder = set(TokenBucket.IMAGE_OUTPUT, price)

        public fun imageOutput(price: String): Builder = set(TokenBucket.IMAGE_OUTPUT, price)

        internal fun set(bucket: TokenBucket, price: String): Builder = set(
            bucket,
            requireNotNull(price.trim().toBigDecimalOrNull()) {
                "price ${bucket.key} must be a number, got \"$price\""
            },
        )

        internal fun set(bucket: TokenBucket, price: BigDecimal): Builder = apply {
            require(price.signum() >= 0) { "price ${bucket.key} must not be negative, got ${price.toPlainString()}" }
            prices[bucket] = price
        }

        public fun build(): TokenPrices = TokenPrices(prices.toMap())
    }

    public companion object {
        @JvmStatic
        public fun builder(): Builder = Builder()

        /** With nothing but text: [input] and [output] in dollars for a million tokens, e.g. `"0.25"`. */
        @JvmStatic
        public fun of(input: String, output: String): TokenPrices = Builder().input(input).output(output).build()
    }
}
