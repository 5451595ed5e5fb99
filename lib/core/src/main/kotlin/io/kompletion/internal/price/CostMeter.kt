package io.kompletion.internal.price

import io.kompletion.catalog.ModelInfo
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Cost
import io.kompletion.chat.TokenBucket
import io.kompletion.chat.Usage
import io.kompletion.error.ConfigurationException
import io.kompletion.provider.ReportedCost
import kotlinx.serialization.json.JsonPrimitive
import java.math.BigDecimal

/**
 * Says what an answer costs, or why that is not known; once an answer, when it is whole. It never guesses low: a bucket
 * without a price makes the cost unknown, except where the price that stands in is one that the provider documents, or
 * can only be too high.
 */
internal class CostMeter(private val catalog: Catalog) {
    /**
     * [response] with what it costs; [asked] is the model that was asked for at [provider]. What the provider itself
     * reports is what it bills, and goes before prices of any list.
     */
    fun priced(
        response: ChatCompletionResponse,
        provider: String,
        asked: String,
        reported: ReportedCost? = null,
    ): ChatCompletionResponse = try {
        val billed = response.usage?.let { reported?.of(it.raw) }
        response.copy(cost = billed?.let(Cost::reported) ?: cost(response, provider, asked))
    } catch (e: Unknown) {
        response.copy(costUnknownReason = e.message)
    } catch (e: ConfigurationException) {
        // A table that cannot be read is no reason to lose an answer.
        response.copy(costUnknownReason = e.message)
    }

    private fun cost(response: ChatCompletionResponse, provider: String, asked: String): Cost {
        val usage = response.usage ?: throw Unknown("the provider sent no usage")
        if (usage.totalTokens == 0L) throw Unknown("the provider counted no tokens")
        unpriced(provider, usage)
        val info = model(provider, response.model, asked)
        val name = "${info.provider}/${info.model}"
        val prices = info.prices ?: throw Unknown("no price of $name is known")
        info.disputes.firstOrNull { it.isFarFrom(prices.standard) }?.let {
            throw Unknown(
                "the price of $name is disputed: ${info.source} has ${shown(prices.standard.input)} and " +
                    "${shown(prices.standard.output)} for a million tokens, $it",
            )
        }
        val rates = Rates(name, prices, usage.promptTokens, response.serviceTier)
        val amounts = LinkedHashMap<TokenBucket, BigDecimal>()
        for (bucket in TokenBucket.entries) {
            val tokens = bucket.count(usage)
            if (tokens > 0) amounts[bucket] = Cost.amount(tokens, rates.of(bucket))
        }
        return Cost(amounts, rates.notes() + info.disputes.map { "another source has other prices: $it" })
    }

    private fun shown(price: BigDecimal?) = price?.toPlainString() ?: "none"

    /**
     * The model that answered. A snapshot that nobody has listed costs what the name costs that it was asked for by; when
     * another model answers, only its own price will do.
     */
    private fun model(provider: String, answering: String, asked: String): ModelInfo {
        catalog.listed(provider, answering)?.let { if (it.prices != null || answering == asked) return it }
        if (answering != asked && catalog.isSame(asked, answering)) {
            catalog.listed(provider, asked)?.let { return it }
        }
        throw Unknown("no price of $provider/$answering is known")
    }

    private fun unpriced(provider: String, usage: Usage) {
        val found = catalog.rules.unpriced.firstOrNull {
            provider in it.at && (usage.raw[it.field] as? JsonPrimitive)?.content == it.value
        } ?: return
        throw Unknown("the usage says ${found.field} = ${found.value}, whose price is not known")
    }
}

/** Carries the reason why a cost is not known. */
internal class Unknown(reason: String) : Exception(reason, null, false, false)
