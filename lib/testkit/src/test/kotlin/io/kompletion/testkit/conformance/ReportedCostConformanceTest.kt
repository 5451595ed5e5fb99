package io.kompletion.testkit.conformance

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.testkit.internal.obj
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.Enabled
import io.kotest.matchers.comparables.shouldBeEqualComparingTo
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.math.BigDecimal

/** What providers said in recorded answers that a call cost, whole and streamed. */
class ReportedCostConformanceTest : FunSpec({
    val billed = Corpus.find()?.exchanges("openai_chat").orEmpty()
        .filter { it.kind != "error" && it.hasReading }
        .mapNotNull { exchange -> dollars(exchange)?.let { exchange to it } }
    val present = if (billed.isEmpty()) Enabled.disabled("no recordings") else Enabled.enabled

    test("what a provider billed in recorded traffic is the cost of its answer").config(enabledOrReasonIf = { present }) {
        ReplayServer(billed.map { it.first.askedProvider }.toSet()).use { server ->
            for ((exchange, dollars) in billed) {
                withClue(exchange.id) {
                    val outcome = server.call(exchange, ChatCompletionRequest("test-model") { user("Hello") }, exchange.reply())
                    val cost = outcome.response.shouldNotBeNull().cost.shouldNotBeNull()
                    cost.isReported shouldBe true
                    cost.total shouldBeEqualComparingTo dollars
                }
            }
        }
        println("corpus: reported costs ${billed.groupingBy { it.first.provider }.eachCount()}")
    }
})

/** The figure as a reader of the provider's documents would take it; null where there is none above 0. */
private fun dollars(exchange: Exchange): BigDecimal? {
    val usage = exchange.expected.obj("usage") ?: return null
    return when (exchange.provider) {
        "xai" -> usage.number("cost_in_usd_ticks")?.divide(BigDecimal("10000000000"))
        "perplexity" -> usage.obj("cost")?.number("total_cost")
        "openrouter" -> usage.number("cost")?.let { it + upstream(usage) }
        "avian", "vercel-gateway" -> usage.number("cost")
        else -> null
    }?.takeIf { it.signum() > 0 }
}

/** What the owner of a key is billed by the provider behind OpenRouter. */
private fun upstream(usage: JsonObject): BigDecimal =
    usage.obj("cost_details")?.number("upstream_inference_cost")?.takeIf { usage.plain("is_byok") == "true" } ?: BigDecimal.ZERO

private fun JsonObject.number(name: String): BigDecimal? = plain(name)?.toBigDecimalOrNull()

private fun JsonObject.plain(name: String): String? = (get(name) as? JsonPrimitive)?.content
