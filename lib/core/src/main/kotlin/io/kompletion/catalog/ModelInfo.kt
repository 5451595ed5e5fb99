package io.kompletion.catalog

import java.time.LocalDate
import java.util.function.Consumer

/**
 * What the catalogue knows of a model: how much it reads and writes, what it can do and what it costs. Immutable.
 *
 * @property provider id of the provider
 * @property model the name as the provider knows it
 * @property mode what it does: `chat`, `embedding`, `image_generation`, `rerank` …; null when not known
 * @property contextTokens most tokens that it reads, or null when not known
 * @property maxOutputTokens most tokens that it writes, or null when not known
 * @property prices what it costs, or null when not known
 * @property disputes what other sources say that it costs
 * @property source where the facts come from
 * @property date the day of the facts
 * @property like the model whose limits and capabilities these are, as `provider/model`, when this one is not listed
 *   itself; its prices are then not known. Null when it is listed
 */
public class ModelInfo internal constructor(
    public val provider: String,
    public val model: String,
    public val mode: String? = null,
    public val contextTokens: Long? = null,
    public val maxOutputTokens: Long? = null,
    private val known: ModelCapabilities? = null,
    public val prices: ModelPrices? = null,
    public val disputes: List<PriceDispute> = emptyList(),
    public val source: String? = null,
    public val date: LocalDate? = null,
    public val like: String? = null,
) {
    /** What it can do; all false when that is not known. */
    public val capabilities: ModelCapabilities get() = known ?: ModelCapabilities.UNKNOWN

    /** These facts, and those of [below] where these say nothing. Prices are replaced as a whole. */
    internal fun over(below: ModelInfo): ModelInfo = ModelInfo(
        provider = below.provider,
        model = below.model,
        mode = mode ?: below.mode,
        contextTokens = contextTokens ?: below.contextTokens,
        maxOutputTokens = maxOutputTokens ?: below.maxOutputTokens,
        known = known ?: below.known,
        prices = prices ?: below.prices,
        disputes = if (prices == null) below.disputes else disputes,
        source = source ?: below.source,
        date = date ?: below.date,
    )

    /** The same facts under the names of a client's routing. */
    internal fun named(provider: String, model: String): ModelInfo =
        ModelInfo(provider, model, mode, contextTokens, maxOutputTokens, known, prices, disputes, source, date, like)

    /** What a model of the same family, [provider]/[model], can be expected to be; nothing is known of its price. */
    internal fun asFamilyOf(provider: String, model: String, isAtHome: Boolean): ModelInfo = ModelInfo(
        provider = provider,
        model = model,
        mode = mode,
        contextTokens = contextTokens.takeIf { isAtHome },
        maxOutputTokens = maxOutputTokens.takeIf { isAtHome },
        known = if (isAtHome) capabilities else capabilities.ofTheWeights(),
        source = source,
        date = date,
        like = "${this.provider}/${this.model}",
    )

    public fun toBuilder(): Builder = Builder(provider, model).also { copy ->
        copy.mode = mode
        copy.contextTokens = contextTokens
        copy.maxOutputTokens = maxOutputTokens
        copy.capabilities = known
        copy.prices = prices
        copy.source = source
        copy.date = date
    }

    override fun equals(other: Any?): Boolean = other is ModelInfo && fields() == other.fields()

    override fun hashCode(): Int = fields().hashCode()

    private fun fields() = listOf(
        provider, model, mode, contextTokens, maxOutputTokens, capabilities, prices, disputes, source, date, like,
    )

    override fun toString(): String =
        "ModelInfo($provider/$model, context=$contextTokens, maxOutput=$maxOutputTokens, " +
            "$capabilities, $prices, source=$source, date=$date, like=$like)"

    /** Collects a [ModelInfo]; what is not set is taken from the catalogue when this one goes over it. */
    public class Builder internal constructor(private val provider: String, private val model: String) {
        internal var mode: String? = null
        internal var contextTokens: Long? = null
        internal var maxOutputTokens: Long? = null
        internal var capabilities: ModelCapabilities? = null
        internal var prices: ModelPrices? = null
        internal var source: String? = null
        internal var date: LocalDate? = null

        public fun mode(value: String): Builder = apply { mode = value }

        /** Most tokens that the model reads; positive. */
        public fun contextTokens(value: Long): Builder = apply {
            require(value > 0) { "contextTokens must be positive, got $value" }
            contextTokens = value
        }

        /** Most tokens that the model writes; positive. */
        public fun maxOutputTokens(value: Long): Builder = apply {
            require(value > 0) { "maxOutputTokens must be positive, got $value" }
            maxOutputTokens = value
        }

        public fun capabilities(value: ModelCapabilities): Builder = apply { capabilities = value }

        /** The same by their names, the constants of [ModelCapabilities]. */
        public fun capabilities(vararg names: String): Builder = capabilities(ModelCapabilities.of(*names))

        /** All its prices; those that the catalogue has are forgotten. */
        public fun prices(value: ModelPrices): Builder = apply { prices = value }

        /** The usual prices alone, in dollars for a million tokens, e.g. `prices("0.25", "2")`. */
        public fun prices(input: String, output: String): Builder =
            prices(ModelPrices.of(TokenPrices.of(input, output)))

        /** The usual prices alone, bucket by bucket. */
        @JvmSynthetic
        public fun prices(standard: TokenPrices.Builder.() -> Unit): Builder =
            prices(ModelPrices.of(TokenPrices.builder().apply(standard).build()))

        /** The same for Java. */
        public fun prices(standard: Consumer<TokenPrices.Builder>): Builder = prices(ModelPrices.of(standard))

        public fun source(value: String): Builder = apply { source = value }

        public fun date(value: LocalDate): Builder = apply { date = value }

        public fun build(): ModelInfo = ModelInfo(
            provider,
            model,
            mode,
            contextTokens,
            maxOutputTokens,
            capabilities,
            prices,
            source = source,
            date = date,
        )
    }

    public companion object {
        /**
         * Facts about [name], which is `provider/model`; `*` as the model stands for every one of the provider that is not
         * listed.
         *
         * @throws IllegalArgumentException when there is no provider or no model in [name]
         */
        @JvmStatic
        public fun builder(name: String): Builder {
            val provider = name.substringBefore('/').trim()
            val model = name.substringAfter('/', "").trim()
            require(provider.isNotEmpty() && model.isNotEmpty()) { "expected \"provider/model\", got \"$name\"" }
            return Builder(provider, model)
        }
    }
}
