package io.kompletion.catalog

import java.math.BigDecimal

/**
 * What another source says that a model costs, in US dollars for a million tokens.
 *
 * @property source who says so
 */
public class PriceDispute internal constructor(
    public val source: String,
    public val input: BigDecimal?,
    public val output: BigDecimal?,
) {
    /** Whether one of its prices is further than a fifth from [prices]: then nobody can tell what a call costs. */
    internal fun isFarFrom(prices: TokenPrices): Boolean = isFar(input, prices.input) || isFar(output, prices.output)

    private fun isFar(said: BigDecimal?, ours: BigDecimal?): Boolean {
        if (said == null || ours == null) return said != ours && said?.signum() != 0
        return said.subtract(ours).abs() > ours.max(said).multiply(MOST)
    }

    override fun equals(other: Any?): Boolean =
        other is PriceDispute && source == other.source && input == other.input && output == other.output

    override fun hashCode(): Int = listOf(source, input, output).hashCode()

    override fun toString(): String = "$source: ${input?.toPlainString()} and ${output?.toPlainString()}"

    private companion object {
        val MOST = BigDecimal("0.2")
    }
}
