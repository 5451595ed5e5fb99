package io.kompletion.chat

import io.kompletion.chat.json.TreeSerializer
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.JsonUnquotedLiteral
import java.math.BigDecimal

/**
 * What one answer cost, in US dollars: exact decimals, because one token may cost less than a billionth of a dollar, and
 * no rounding adds up.
 *
 * Where the provider reports what it bills ([isReported]), that is the [total], with discounts and what it bills beside
 * tokens; it does not say for which tokens, so all of it is [unallocated] and every bucket is 0. Everywhere else the cost
 * is what the buckets of [Usage] cost at list prices: discounts of a contract are not in it, nor what a provider bills
 * beside tokens, such as its own web search.
 *
 * Immutable; two are equal when they hold the same amounts and notes.
 *
 * @property notes what to know about the amounts, e.g. that two sources name slightly different prices
 */
@Serializable(with = CostSerializer::class)
public class Cost internal constructor(
    internal val amounts: Map<TokenBucket, BigDecimal>,
    public val notes: List<String> = emptyList(),
    private val reported: BigDecimal? = null,
) {
    /** All of it: the buckets and [unallocated]. */
    public val total: BigDecimal = amounts.values.fold(reported ?: BigDecimal.ZERO, BigDecimal::add).plain()

    /** Whether the provider itself said what the call cost; otherwise it is computed from list prices. */
    public val isReported: Boolean get() = reported != null

    /** What the provider reported without saying for which tokens; 0 when the cost is computed from list prices. */
    public val unallocated: BigDecimal get() = reported ?: BigDecimal.ZERO

    /** Text read without a cache. */
    public val input: BigDecimal get() = of(TokenBucket.INPUT)

    /** Read from the provider's prompt cache. */
    public val cacheRead: BigDecimal get() = of(TokenBucket.CACHE_READ)

    /** Written to the cache for five minutes, or for a time that the provider does not name. */
    public val cacheWrite: BigDecimal get() = of(TokenBucket.CACHE_WRITE)

    /** Written to the cache for an hour. */
    public val cacheWriteOneHour: BigDecimal get() = of(TokenBucket.CACHE_WRITE_ONE_HOUR)

    /** Sound read. */
    public val audioInput: BigDecimal get() = of(TokenBucket.AUDIO_INPUT)

    /** Images read, where the provider counts them apart. */
    public val imageInput: BigDecimal get() = of(TokenBucket.IMAGE_INPUT)

    /** Visible text and tool calls. */
    public val output: BigDecimal get() = of(TokenBucket.OUTPUT)

    /** Reasoning, hidden or shown. */
    public val reasoning: BigDecimal get() = of(TokenBucket.REASONING)

    /** Sound answered. */
    public val audioOutput: BigDecimal get() = of(TokenBucket.AUDIO_OUTPUT)

    /** Images answered. */
    public val imageOutput: BigDecimal get() = of(TokenBucket.IMAGE_OUTPUT)

    private fun of(bucket: TokenBucket): BigDecimal = amounts[bucket] ?: BigDecimal.ZERO

    override fun equals(other: Any?): Boolean =
        other is Cost && amounts == other.amounts && notes == other.notes && reported == other.reported

    override fun hashCode(): Int = 31 * (31 * amounts.hashCode() + notes.hashCode()) + reported.hashCode()

    override fun toString(): String = "\$${total.toPlainString()}"

    internal companion object {
        /** What the provider says that a call cost. */
        fun reported(total: BigDecimal): Cost = Cost(emptyMap(), reported = total.plain())

        /** What [tokens] cost at [perMillion] dollars a million. */
        fun amount(tokens: Long, perMillion: BigDecimal): BigDecimal =
            perMillion.multiply(BigDecimal.valueOf(tokens)).movePointLeft(PLACES_OF_A_MILLION).plain()

        private const val PLACES_OF_A_MILLION = 6
    }
}

/** The shortest way to write the same number without an exponent above zero, so that equal amounts are equal. */
private fun BigDecimal.plain(): BigDecimal = stripTrailingZeros().let { if (it.scale() < 0) it.setScale(0) else it }

internal object CostSerializer : TreeSerializer<Cost>("io.kompletion.Cost") {
    override fun read(element: JsonElement): Cost {
        val fields = element as? JsonObject ?: throw SerializationException("cost must be an object")
        val amounts = TokenBucket.entries.mapNotNull { bucket -> fields[bucket.key]?.let { bucket to amount(it) } }
        val notes = (fields["notes"] as? JsonArray).orEmpty().map { (it as? JsonPrimitive)?.content.orEmpty() }
        return Cost(amounts.toMap(), notes, fields[UNALLOCATED]?.let(::amount))
    }

    private fun amount(element: JsonElement): BigDecimal =
        (element as? JsonPrimitive)?.content?.toBigDecimalOrNull()?.plain()
            ?: throw SerializationException("a cost must be a number of dollars")

    /** As it stands: a number of another kind would pass through a double on its way out, and lose digits there. */
    @OptIn(ExperimentalSerializationApi::class)
    private fun number(amount: BigDecimal): JsonElement = JsonUnquotedLiteral(amount.toPlainString())

    override fun write(value: Cost): JsonElement = JsonObject(
        buildMap {
            put("total", number(value.total))
            for ((bucket, amount) in value.amounts) put(bucket.key, number(amount))
            if (value.isReported) put(UNALLOCATED, number(value.unallocated))
            if (value.notes.isNotEmpty()) put("notes", JsonArray(value.notes.map(::JsonPrimitive)))
        },
    )

    /** Only what a provider reports has it, so it says that the cost is reported, too. */
    private const val UNALLOCATED = "unallocated"
}
