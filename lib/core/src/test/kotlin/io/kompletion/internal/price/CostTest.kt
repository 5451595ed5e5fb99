package io.kompletion.internal.price

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.flow.last
import java.math.BigDecimal

/** Figures computed by hand from the price lists, in dollars for a million tokens, that stand beside them. */
class CostTest : FunSpec({
    test("OpenAI: cached tokens have their price, reasoning is output") {
        // gpt-5-mini: 0.25 in, 0.025 cached, 2 out. 8 000 x 0.25 + 2 000 x 0.025 + 300 x 2 + 700 x 2, in millionths
        val usage = """{"prompt_tokens":10000,"completion_tokens":1000,"total_tokens":11000,
            "prompt_tokens_details":{"cached_tokens":2000},"completion_tokens_details":{"reasoning_tokens":700}}"""
        val cost = openAi("gpt-5-mini", usage).cost.shouldNotBeNull()
        cost.input shouldBe BigDecimal("0.002")
        cost.cacheRead shouldBe BigDecimal("0.00005")
        cost.output shouldBe BigDecimal("0.0006")
        cost.reasoning shouldBe BigDecimal("0.0014")
        cost.total shouldBe BigDecimal("0.00405")
        cost.notes shouldBe emptyList()
    }

    test("OpenAI: a dated snapshot that answers has its own price") {
        openAi("gpt-5-mini", usage(1_000_000, 0), answering = "gpt-5-mini-2025-08-07").total() shouldBe "0.25"
    }

    test("OpenAI: a snapshot that nobody listed costs what the name costs that was asked for") {
        openAi("gpt-5-mini", usage(1_000_000, 0), answering = "gpt-5-mini-2031-08-07").total() shouldBe "0.25"
    }

    test("another model that answers has its own price or none") {
        openAi("gpt-5-mini", usage(1_000_000, 0), answering = "gpt-5-nano").total() shouldBe "0.05"
        val stranger = openAi("gpt-5-mini", usage(1_000_000, 0), answering = "gpt-77-turbo")
        stranger.cost.shouldBeNull()
        stranger.costUnknownReason shouldBe "no price of openai/gpt-77-turbo is known"
    }

    test("OpenAI: sound in and out have their prices") {
        // gpt-4o-audio-preview: 2.5 in, 40 sound in, 10 out, 80 sound out
        val usage = """{"prompt_tokens":3000,"completion_tokens":500,"total_tokens":3500,
            "prompt_tokens_details":{"audio_tokens":1000},"completion_tokens_details":{"audio_tokens":400}}"""
        val cost = openAi("gpt-4o-audio-preview", usage).cost.shouldNotBeNull()
        cost.input shouldBe BigDecimal("0.005")
        cost.audioInput shouldBe BigDecimal("0.04")
        cost.output shouldBe BigDecimal("0.001")
        cost.audioOutput shouldBe BigDecimal("0.032")
        cost.total shouldBe BigDecimal("0.078")
    }

    test("OpenAI: flex and priority, where what is cached follows the input") {
        // gpt-5-mini: flex 0.125 and 1, priority 0.45 and 3.6; cached at half, and at 1.8 times 0.025
        val usage = """{"prompt_tokens":2000000,"completion_tokens":1000000,"total_tokens":3000000,
            "prompt_tokens_details":{"cached_tokens":1000000}}"""
        openAi("gpt-5-mini", usage, tier = "default").total() shouldBe "2.275"
        openAi("gpt-5-mini", usage, tier = "flex").total() shouldBe "1.1375"
        openAi("gpt-5-mini", usage, tier = "priority").total() shouldBe "4.095"
    }

    test("a service tier without a price is unknown, never the usual price") {
        val answer = openAi("gpt-5-mini", usage(1000, 10), tier = "scale")
        answer.cost.shouldBeNull()
        answer.costUnknownReason shouldBe "no price of openai/gpt-5-mini in service tier \"scale\" is known"
    }

    test("OpenAI: a prompt above 272 000 tokens reprices the whole call, a prompt of 272 000 does not") {
        // gpt-5.4: 2.5, 0.25 cached and 15; above 272 000 5, 0.5 and 22.5; flex is half of either
        openAi("gpt-5.4", usage(272_000, 1_000)).total() shouldBe "0.695"
        openAi("gpt-5.4", usage(272_001, 1_000)).total() shouldBe "1.382505"
        openAi("gpt-5.4", usage(272_001, 1_000), tier = "flex").total() shouldBe "0.6912525"
    }

    test("Anthropic: five minutes and an hour of caching have their prices, what is cached stands beside the input") {
        // claude-haiku-4-5: 1 in, 0.1 read, 1.25 written, 2 written for an hour, 5 out
        val usage = """{"input_tokens":1000,"cache_read_input_tokens":20000,"cache_creation_input_tokens":3000,
            "cache_creation":{"ephemeral_5m_input_tokens":2000,"ephemeral_1h_input_tokens":1000},"output_tokens":400}"""
        val cost = anthropic("claude-haiku-4-5", usage).cost.shouldNotBeNull()
        cost.input shouldBe BigDecimal("0.001")
        cost.cacheRead shouldBe BigDecimal("0.002")
        cost.cacheWrite shouldBe BigDecimal("0.0025")
        cost.cacheWriteOneHour shouldBe BigDecimal("0.002")
        cost.output shouldBe BigDecimal("0.002")
        cost.total shouldBe BigDecimal("0.0095")
    }

    test("Anthropic: what is cached counts for the length of the prompt") {
        // claude-sonnet-4-5 above 200 000: 6 in, 0.6 read, 7.5 written, 12 for an hour, 22.5 out
        val usage = """{"input_tokens":1000,"cache_read_input_tokens":199000,"cache_creation_input_tokens":2000,
            "cache_creation":{"ephemeral_5m_input_tokens":1000,"ephemeral_1h_input_tokens":1000},"output_tokens":100}"""
        val cost = anthropic("claude-sonnet-4-5", usage).cost.shouldNotBeNull()
        cost.total shouldBe BigDecimal("0.14715")
    }

    test("Anthropic: another speed or place has another price, which is not known") {
        val usage = """{"input_tokens":10,"output_tokens":1,"speed":"fast"}"""
        anthropic("claude-opus-4-6", usage).costUnknownReason shouldBe
            "the usage says speed = fast, whose price is not known"
        anthropic("claude-opus-4-6", """{"input_tokens":10,"output_tokens":1,"inference_geo":"us"}""")
            .costUnknownReason.shouldNotBeNull() shouldContain "inference_geo"
        anthropic("claude-opus-4-6", """{"input_tokens":10,"output_tokens":1,"inference_geo":"global"}""")
            .total() shouldBe "0.000075"
    }

    test("Gemini: above 200 000 tokens, thoughts and what is cached") {
        // gemini-2.5-pro: 1.25, 0.125 and 10; above 200 000 2.5, 0.25 and 15
        val short = """{"promptTokenCount":200000,"candidatesTokenCount":100,"thoughtsTokenCount":900}"""
        gemini("gemini-2.5-pro", short).total() shouldBe "0.26"
        val long = """{"promptTokenCount":300000,"cachedContentTokenCount":100000,"candidatesTokenCount":100,
            "thoughtsTokenCount":900}"""
        gemini("gemini-2.5-pro", long).total() shouldBe "0.54"
    }

    test("Gemini: sound costs more than text, and sound without a price makes the cost unknown") {
        val usage = """{"promptTokenCount":1000,"candidatesTokenCount":0,
            "promptTokensDetails":[{"modality":"TEXT","tokenCount":400},{"modality":"AUDIO","tokenCount":600}]}"""
        // gemini-2.5-flash: 0.3 for text, 1 for sound
        gemini("gemini-2.5-flash", usage).total() shouldBe "0.00072"
        gemini("gemini-2.5-pro", usage).costUnknownReason shouldBe
            "no price of google/gemini-2.5-pro for audio_input is known"
    }

    test("a provider that answers without usage, or counts nothing, leaves the cost unknown") {
        openAi("gpt-5-mini", null).costUnknownReason shouldBe "the provider sent no usage"
        openAi("gpt-5-mini", usage(0, 0)).costUnknownReason shouldBe "the provider counted no tokens"
    }

    test("sources that disagree by more than a fifth make a price unknown, those that disagree less leave a note") {
        val far = openAi("gpt-5.6-luna", usage(1000, 10))
        far.cost.shouldBeNull()
        far.costUnknownReason.shouldNotBeNull() shouldContain "the price of openai/gpt-5.6-luna is disputed"
        val near = openAi("gpt-5.6-terra", usage(100_000, 0))
        near.total() shouldBe "0.2"
        near.cost.shouldNotBeNull().notes.single() shouldContain "genai-prices: 2.5 and 15"
    }

    test("a server of one's own costs nothing that is known, until somebody says what") {
        val server: KompletionBuilder.() -> Unit = { provider("gpu-1") { baseUrl("http://gpu-1/v1") } }
        openAi("llama", usage(10, 10), provider = "gpu-1", settings = server).costUnknownReason shouldBe
            "no price of gpu-1/llama is known"
        for (local in listOf("ollama_openai", "vllm", "lmstudio")) {
            openAi("llama3", usage(10, 10), provider = local).cost.shouldBeNull()
        }
        val priced = openAi("llama", usage(1_000_000, 1_000_000), provider = "gpu-1") {
            server()
            modelCatalog { model("gpu-1/*") { prices("0.1", "0.2") } }
        }
        priced.total() shouldBe "0.3"
        val exact = openAi("llama", usage(1_000_000, 1_000_000), provider = "gpu-1") {
            server()
            modelCatalog {
                model("gpu-1/*") { prices("0.1", "0.2") }
                model("gpu-1/Llama") { prices("0", "0") }
            }
        }
        exact.total() shouldBe "0"
    }

    test("a price of one's own settles what is disputed, and replaces all prices of the model") {
        val own: KompletionBuilder.() -> Unit =
            { modelCatalog { model("openai/gpt-5.6-luna") { prices { input("1").output("6").cacheRead("0.1") } } } }
        openAi("gpt-5.6-luna", usage(1_000_000, 1_000_000), settings = own).total() shouldBe "7"
        openAi("gpt-5.6-luna", usage(10, 10), tier = "flex", settings = own).cost.shouldBeNull()
    }

    test("what is read from a cache without a price costs what input costs, with a note") {
        val answer = openAi(
            "plain",
            """{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000,"prompt_tokens_details":{"cached_tokens":400}}""",
        ) { modelCatalog { model("openai/plain") { prices("1", "2") } } }
        answer.total() shouldBe "0.001"
        answer.cost.shouldNotBeNull().notes shouldBe listOf("no price of openai/plain for cache_read is known; taken as input")
    }

    test("the cost belongs to the model that answered, not to the one that failed") {
        val transport = FakeTransport { n, _ ->
            if (n == 1) io.kompletion.internal.call.error(401) else openAiBody("gpt-5-nano", usage(1_000_000, 0), null)
        }
        val answer = client(transport) {}.chat("openai/gpt-5-mini") {
            user("Hello")
            fallback("openai/gpt-5-nano")
        }
        answer.total() shouldBe "0.05"
    }

    test("the JSON form of an answer keeps the cost and the reason") {
        val known = openAi("gpt-5-mini", usage(1000, 10))
        ChatCompletionResponse.fromJson(known.toJson()).cost shouldBe known.cost
        known.toJson() shouldContain "\"cost\":{\"total\":0.00027,\"input\":0.00025,\"output\":0.00002}"
        val long = openAi("x", usage(1, 1)) { modelCatalog { model("openai/x") { prices("1234567890.123456789", "3") } } }
        long.total() shouldBe "1234.567893123456789"
        ChatCompletionResponse.fromJson(long.toJson()).cost shouldBe long.cost
        val unknown = openAi("gpt-5-mini", null)
        ChatCompletionResponse.fromJson(unknown.toJson()).costUnknownReason shouldBe unknown.costUnknownReason
    }

    test("a stream says the same as a whole answer, on its last chunk") {
        val usage = usage(1234, 567)
        val stream = """data: {"id":"1","model":"gpt-5-mini","choices":[{"index":0,"delta":{"content":"Hi"}}]}

data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

data: {"choices":[],"service_tier":"flex","usage":$usage}

data: [DONE]

"""
        val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(stream)) }
        val last = client(transport) {}.chatStream("openai/gpt-5-mini") { user("Hello") }.last() as FinalResponseChunk
        last.response.cost shouldBe openAi("gpt-5-mini", usage, tier = "flex").cost.shouldNotBeNull()
    }
})

private fun ChatCompletionResponse.total(): String? = cost?.total?.toPlainString()

private fun usage(prompt: Int, completion: Int) =
    """{"prompt_tokens":$prompt,"completion_tokens":$completion,"total_tokens":${prompt + completion}}"""

private fun client(transport: FakeTransport, configure: KompletionBuilder.() -> Unit) = Kompletion {
    environment(
        mapOf("OPENAI_API_KEY" to "sk-test", "ANTHROPIC_API_KEY" to "sk-ant-test", "GEMINI_API_KEY" to "AIza-test"),
    )
    transport(transport)
    retry { enabled = false }
    configure()
}

private suspend fun answer(model: String, body: FakeResponse, configure: KompletionBuilder.() -> Unit = {}) =
    client(FakeTransport { _, _ -> body }, configure).use { it.chat(model) { user("Hello") } }

private fun json(text: String) = FakeResponse(200, listOf(text), listOf("content-type", "application/json"))

private fun openAiBody(model: String, usage: String?, tier: String?) = json(
    """{"id":"1","model":"$model","choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}]""" +
        (usage?.let { ",\"usage\":$it" } ?: "") + (tier?.let { ",\"service_tier\":\"$it\"" } ?: "") + "}",
)

private suspend fun openAi(
    model: String,
    usage: String?,
    answering: String = model,
    tier: String? = null,
    provider: String = "openai",
    settings: KompletionBuilder.() -> Unit = {},
) = answer("$provider/$model", openAiBody(answering, usage, tier), settings)

private suspend fun anthropic(model: String, usage: String) = answer(
    "anthropic/$model",
    json(
        """{"id":"m","type":"message","role":"assistant","model":"$model","content":[{"type":"text","text":"Hi"}],
            "stop_reason":"end_turn","usage":$usage}""",
    ),
)

private suspend fun gemini(model: String, usage: String) = answer(
    "google/$model",
    json(
        """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP","index":0}],
            "modelVersion":"$model","responseId":"r","usageMetadata":$usage}""",
    ),
)
