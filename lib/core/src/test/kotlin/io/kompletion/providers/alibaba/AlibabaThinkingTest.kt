package io.kompletion.providers.alibaba

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.maps.shouldNotContainKey
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

private fun JsonObject.thinking() = listOf(get("enable_thinking"), get("thinking_budget")).map { it?.toString() }

private val tokens = listOf("minimal" to 1024, "low" to 2048, "medium" to 8192, "high" to 16384, "xhigh" to 24576, "max" to 32768)

class AlibabaThinkingTest : FunSpec({
    context("unless it is asked for, thinking is off where a model could do otherwise") {
        for ((model, sent) in listOf(
            "qwen3-32b" to "false",
            "qwen3-max" to "false",
            "qwen3.5-plus" to "false",
            "qwen3-omni-flash" to "false",
            "qwen-plus" to null,
            "qwen-max" to null,
            "qwen3-coder-plus" to null,
            "qwq-plus" to null,
            "qwen3-next-80b-a3b-thinking" to null,
            "deepseek-v3.2" to null,
        )) {
            test("$model: $sent") {
                val encoded = encode(model)
                encoded.json.thinking() shouldBe listOf(sent, null)
                encoded.warnings.shouldBeEmpty()
            }
        }
    }

    context("a reasoning effort is a switch and a budget") {
        for ((effort, budget) in tokens) {
            test("$effort is $budget tokens") {
                val encoded = encode("qwen3.5-plus") {
                    user("Hi")
                    reasoningEffort = effort
                }
                encoded.json.thinking() shouldBe listOf("true", budget.toString())
                encoded.json shouldNotContainKey "reasoning_effort"
                encoded.told shouldBe listOf("reasoning_effort mapped")
            }
        }
        for ((model, effort, sent, told) in listOf(
            listOf("qwen-plus", "none", "false, null", "mapped"),
            listOf("qwen-plus", "low", "true, 2048", "mapped"),
            listOf("deepseek-v3.2", "low", "true, 2048", "mapped"),
            listOf("qwen3-next-80b-a3b-thinking", "low", "null, 2048", "mapped"),
            listOf("qwen3-next-80b-a3b-thinking", "none", "null, null", "dropped"),
            listOf("qwq-plus", "low", "null, null", "dropped"),
            listOf("qwen-max", "low", "null, null", "dropped"),
            listOf("qwen-max", "none", "null, null", null),
        )) {
            test("$effort for $model is $sent") {
                val encoded = encode(checkNotNull(model)) {
                    user("Hi")
                    reasoningEffort = effort
                }
                encoded.json.thinking().joinToString() shouldBe sent
                encoded.told shouldBe listOfNotNull(told?.let { "reasoning_effort $it" })
            }
        }
    }

    context("Alibaba's own fields win over the effort") {
        for ((options, effort, sent, told) in listOf(
            listOf("""{"enable_thinking":true}""", null, "true, null", null),
            listOf("""{"enable_thinking":true}""", "low", "true, 2048", "mapped"),
            listOf("""{"enable_thinking":true,"thinking_budget":5}""", "low", "true, 5", "dropped"),
            listOf("""{"enable_thinking":true}""", "none", "true, null", "dropped"),
            listOf("""{"enable_thinking":false}""", "low", "false, null", "dropped"),
            listOf("""{"enable_thinking":false}""", "none", "false, null", null),
            listOf("""{"thinking_budget":5}""", null, "true, 5", null),
            listOf("""{"thinking_budget":5}""", "low", "true, 5", "dropped"),
        )) {
            test("$options and $effort is $sent") {
                val encoded = encode("qwen3-32b") {
                    user("Hi")
                    providerOptions("alibaba", checkNotNull(options))
                    reasoningEffort = effort
                }
                encoded.json.thinking().joinToString() shouldBe sent
                encoded.told shouldBe listOfNotNull(told?.let { "reasoning_effort $it" })
            }
        }
    }

    test("a switch that is null is written once") {
        val body = encode("qwen3-32b") {
            user("Hi")
            providerOptions("alibaba", """{"enable_thinking":null}""")
        }.body.decodeToString()
        Regex("enable_thinking").findAll(body).count() shouldBe 1
    }

    context("a whole answer is read from a stream where there is no other, and while a model thinks") {
        for ((model, options, asStream) in listOf(
            Triple("qwq-plus", "{}", true),
            Triple("qvq-max", "{}", true),
            Triple("qwen-omni-turbo", "{}", true),
            Triple("qwen3-235b-a22b-thinking-2507", "{}", true),
            Triple("qwen3-32b", "{}", false),
            Triple("qwen3-32b", """{"enable_thinking":true}""", true),
            Triple("qwen3-32b", """{"enable_thinking":false}""", false),
            Triple("qwen-plus", """{"thinking_budget":100}""", true),
            Triple("qwen-plus", "{}", false),
        )) {
            test("$model with $options: $asStream") {
                val encoded = encode(model) {
                    user("Hi")
                    providerOptions("alibaba", options)
                }
                encoded.json["stream"] shouldBe JsonPrimitive(true).takeIf { asStream }
                encoded.json["stream_options"] shouldBe parse("""{"include_usage":true}""").takeIf { asStream }
                encoded.headers["accept"] shouldBe
                    if (asStream) "text/event-stream, application/json" else "application/json"
            }
        }
    }
})
