package io.kompletion.internal.price

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.flow.last
import java.math.BigDecimal

/** The figures of the providers are as recorded from them. */
class ReportedCostTest : FunSpec({
    context("what a provider says that a call cost is its cost") {
        val ticks = """"completion_tokens_details":{"reasoning_tokens":185},"cost_in_usd_ticks":4389400"""
        val fee = """"cost":{"input_tokens_cost":2e-05,"output_tokens_cost":1e-05,"request_cost":0.005,"total_cost":0.00503}"""
        val tools = """"cost":0.007637029,"cost_details":{"upstream_inference_cost":0.000637029}"""
        for ((model, said, dollars) in listOf(
            Triple("xai/grok-code-fast-1", ticks, "0.00043894"),
            Triple("perplexity/sonar", fee, "0.00503"),
            Triple("openrouter/deepseek/deepseek-chat", tools, "0.007637029"),
            Triple("vercel_ai_gateway/openai/gpt-5", """"cost":0.003426,"market_cost":0.004""", "0.003426"),
            Triple("avian/moonshotai/kimi-k2.5", """"cost":0.00022245""", "0.00022245"),
        )) {
            test("of $model: $dollars") {
                val whole = answer(model, said)
                val cost = whole.cost.shouldNotBeNull()
                cost.total shouldBe BigDecimal(dollars)
                cost.isReported shouldBe true
                cost.unallocated shouldBe cost.total
                cost.input shouldBe BigDecimal.ZERO
                whole.costUnknownReason.shouldBeNull()
                streamed(model, said).cost shouldBe cost
                ChatCompletionResponse.fromJson(whole.toJson()).cost shouldBe cost
            }
        }
    }

    test("a key of one's own behind OpenRouter is billed beside what OpenRouter takes") {
        val upstream = """"cost_details":{"upstream_inference_cost":0.0003253}"""
        total("openrouter/google/gemini-2.5-flash", """"cost":0,"is_byok":true,$upstream""") shouldBe "0.0003253"
        total("openrouter/google/gemini-2.5-flash", """"cost":0.00001,"is_byok":true,$upstream""") shouldBe "0.0003353"
        total("openrouter/openai/gpt-4", """"cost":0.000847,"is_byok":false,$upstream""") shouldBe "0.000847"
        val silent = answer("openrouter/some/model", """"cost":0.00001,"is_byok":true""")
        silent.cost.shouldBeNull()
        silent.costUnknownReason shouldBe "no price of openrouter/some/model is known"
    }

    test("a 0 is a cost only where nobody else can have billed the call") {
        val free = answer("openrouter/some/model:free", """"cost":0,"is_byok":false""").cost.shouldNotBeNull()
        free.total.signum() shouldBe 0
        free.isReported shouldBe true
        for (model in listOf("openrouter/some/model", "avian/some/model", "vercel_ai_gateway/some/model")) {
            withClue(model) { answer(model, """"cost":0""").cost.shouldBeNull() }
        }
        // grok-4: 3 in, 15 out
        val listed = answer("xai/grok-4", """"cost_in_usd_ticks":0""").cost.shouldNotBeNull()
        listed.isReported shouldBe false
        listed.unallocated shouldBe BigDecimal.ZERO
        listed.total shouldBe BigDecimal("0.0045")
    }

    test("what is no amount of dollars is no cost") {
        for (said in listOf("-0.1", "\"dear\"", "null", "true", "[0.1]", "{\"sum\":1}", "1e999999999", "1e-999999999", "9".repeat(100))) {
            withClue(said) {
                answer("avian/some/model", """"cost":$said""").costUnknownReason.orEmpty() shouldContain "no price of avian/some/model"
            }
        }
        answer("perplexity/some", """"cost":0.1""").cost.shouldBeNull()
    }

    test("the cost that a usage speaks of is believed of nobody else") {
        val gpt = answer("openai/gpt-5-mini", """"cost":1""").cost.shouldNotBeNull()
        gpt.isReported shouldBe false
        gpt.total shouldBe BigDecimal("0.00045")
    }

    test("prices of one's own give way to what the provider bills") {
        val client = client(whole("m", """"cost":0.5""")) { modelCatalog { model("avian/*") { prices("1", "2") } } }
        client.chat("avian/m") { user("Hello") }.cost.shouldNotBeNull().total shouldBe BigDecimal("0.5")
    }
})

private fun usage(said: String) = """{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,$said}"""

private fun whole(model: String, said: String) = FakeTransport { _, _ ->
    val choice = """{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}"""
    val body = """{"id":"1","model":"$model","choices":[$choice],"usage":${usage(said)}}"""
    FakeResponse(200, listOf(body), listOf("content-type", "application/json"))
}

private fun client(transport: FakeTransport, more: KompletionBuilder.() -> Unit = {}) = Kompletion {
    transport(transport)
    retry { enabled = false }
    for (name in listOf("xai", "perplexity", "openrouter", "vercel_ai_gateway", "avian", "openai")) {
        provider(name) { apiKey("key") }
    }
    more()
}

private suspend fun answer(model: String, said: String) =
    client(whole(model.substringAfter('/'), said)).use { it.chat(model) { user("Hello") } }

private suspend fun total(model: String, said: String) = answer(model, said).cost?.total?.toPlainString()

private suspend fun streamed(model: String, said: String): ChatCompletionResponse {
    val name = model.substringAfter('/')
    val stream = """data: {"id":"1","model":"$name","choices":[{"index":0,"delta":{"content":"Hi"}}]}

data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

data: {"choices":[],"usage":${usage(said)}}

data: [DONE]

"""
    val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(stream)) }
    return (client(transport).use { it.chatStream(model) { user("Hello") }.last() } as FinalResponseChunk).response
}
