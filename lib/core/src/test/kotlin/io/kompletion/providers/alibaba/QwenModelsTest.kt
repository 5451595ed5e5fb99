package io.kompletion.providers.alibaba

import io.kompletion.providers.openai.Thinks
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class QwenModelsTest : FunSpec({
    context("when a model thinks") {
        for ((thinks, models) in mapOf(
            Thinks.UNLESS_TOLD to listOf(
                "qwen3-32b", "qwen3-235b-a22b", "qwen3-max", "qwen3-max-2026-01-23", "qwen3-vl-plus", "qwen3-omni-flash",
                "qwen3.5-plus", "qwen3.5-plus-2026-02-15", "qwen3.5-397b-a17b", "qwen3.7-max", "qwen4-plus", "qwen10-x",
                "Qwen/Qwen3-8B",
            ),
            Thinks.IF_TOLD to listOf("qwen-plus", "qwen-plus-latest", "qwen-flash", "qwen-flash-2025-07-28", "qwen-turbo"),
            Thinks.ALWAYS to listOf(
                "qwq-plus",
                "qwq-32b-preview",
                "qvq-max",
                "qvq-72b-preview",
                "qwen3-235b-a22b-thinking-2507",
                "qwen3-next-80b-a3b-thinking",
                "qwen3-vl-30b-a3b-thinking",
                "kimi-k2-thinking",
            ),
            Thinks.NEVER to listOf(
                "qwen-max", "qwen-max-latest", "qwen-long", "qwen-vl-max", "qwen2.5-72b-instruct", "qwen2.5-omni-7b",
                "qwen-omni-turbo", "qwen3-coder-plus", "qwen3-coder-480b-a35b-instruct", "qwen3-30b-a3b-instruct-2507",
                "qwen-mt-plus", "qwen3-asr-flash", "qwen-coder-plus",
            ),
            null to listOf("deepseek-v3.2", "glm-4.6", "llama-4"),
        )) {
            for (model in models) test("$model: $thinks") { QwenModels.traits(model).thinks shouldBe thinks }
        }
    }

    context("what answers in streams alone") {
        for ((model, only) in listOf(
            "qwq-plus" to true,
            "qvq-max" to true,
            "qwen-omni-turbo" to true,
            "qwen2.5-omni-7b" to true,
            "qwen3-omni-flash" to true,
            "qwen3-next-80b-a3b-thinking" to true,
            "qwen3-32b" to false,
            "qwen3.5-plus" to false,
            "qwen-plus" to false,
            "qwen3-coder-plus" to false,
        )) {
            test("$model: $only") { QwenModels.traits(model).onlyStreams shouldBe only }
        }
    }

    test("coders of generation 3 and later cannot be made to call some tool and know no strict tools") {
        for (model in listOf("qwen3-coder-plus", "qwen3-coder-flash", "qwen3-coder-next", "qwen4-coder")) {
            QwenModels.traits(model).takesRequiredTool shouldBe false
            QwenModels.traits(model).takesStrictTools shouldBe false
        }
        QwenModels.traits("qwen3-max").takesRequiredTool shouldBe true
        QwenModels.traits("qwen3-max").takesStrictTools shouldBe true
    }
})
