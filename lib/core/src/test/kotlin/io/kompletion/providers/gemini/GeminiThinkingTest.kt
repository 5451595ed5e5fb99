package io.kompletion.providers.gemini

import io.kompletion.error.InvalidRequestException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class GeminiThinkingTest : FunSpec({
    fun sent(model: String, effort: String? = null, said: String? = null) = encode(model) {
        user("Hi")
        reasoningEffort(effort)
        said?.let { providerOptions("google", """{"thinking_config":$it}""") }
    }

    fun failure(model: String, said: String) =
        shouldThrow<InvalidRequestException> { sent(model, said = said) }.message.orEmpty()

    context("nobody asks: off, or as little as the model takes") {
        for ((model, thinking) in listOf(
            "gemini-2.5-flash" to """{"thinkingBudget":0}""",
            "gemini-2.5-flash-preview-09-2025" to """{"thinkingBudget":0}""",
            "gemini-2.5-flash-lite" to """{"thinkingBudget":0}""",
            "models/gemini-2.5-flash" to """{"thinkingBudget":0}""",
            "gemini-2.5-pro" to """{"thinkingBudget":128}""",
            "gemini-3-flash-preview" to """{"thinkingLevel":"MINIMAL"}""",
            "gemini-3.1-flash-lite-preview" to """{"thinkingLevel":"MINIMAL"}""",
            "gemini-3.5-flash" to """{"thinkingLevel":"MINIMAL"}""",
            "gemini-3.7-flash" to """{"thinkingLevel":"LOW"}""",
            "gemini-3-pro-preview" to """{"thinkingLevel":"LOW"}""",
            "gemini-3.1-pro-preview" to """{"thinkingLevel":"LOW"}""",
            "gemini-4-pro" to """{"thinkingLevel":"LOW"}""",
            "gemini-2.0-flash" to null,
            "gemini-1.5-pro" to null,
            "gemini-2.5-flash-image" to null,
            "gemini-2.5-flash-preview-tts" to null,
            "gemini-2.0-flash-thinking-exp" to null,
            "gemini-3-pro-image-preview" to null,
            "gemini-exp-1206" to null,
            "gemini-flash-latest" to null,
            "gemma-3-27b-it" to null,
            "tunedModels/mine-123" to null,
        )) {
            test(model) {
                val encoded = sent(model)
                encoded.config["thinkingConfig"] shouldBe thinking?.let(::parse)
                encoded.told.shouldBeEmpty()
            }
        }
    }

    context("an effort becomes what the model knows, and the thoughts are told") {
        for ((model, effort, thinking) in listOf(
            Triple("gemini-2.5-flash", "low", """{"thinkingBudget":1024,"includeThoughts":true}"""),
            Triple("gemini-2.5-flash", "medium", """{"thinkingBudget":8192,"includeThoughts":true}"""),
            Triple("gemini-2.5-flash", "high", """{"thinkingBudget":24576,"includeThoughts":true}"""),
            Triple("gemini-2.5-flash", "max", """{"thinkingBudget":24576,"includeThoughts":true}"""),
            Triple("gemini-2.5-pro", "max", """{"thinkingBudget":32768,"includeThoughts":true}"""),
            Triple("gemini-2.5-flash-lite", "minimal", """{"thinkingBudget":512,"includeThoughts":true}"""),
            Triple("gemini-2.5-pro", "none", """{"thinkingBudget":128}"""),
            Triple("gemini-3-flash-preview", "minimal", """{"thinkingLevel":"MINIMAL","includeThoughts":true}"""),
            Triple("gemini-3-pro-preview", "minimal", """{"thinkingLevel":"LOW","includeThoughts":true}"""),
            Triple("gemini-3-pro-preview", "medium", """{"thinkingLevel":"HIGH","includeThoughts":true}"""),
            Triple("gemini-3.1-pro-preview", "medium", """{"thinkingLevel":"MEDIUM","includeThoughts":true}"""),
            Triple("gemini-3.1-pro-preview", "xhigh", """{"thinkingLevel":"HIGH","includeThoughts":true}"""),
            Triple("gemini-3-pro-preview", "none", """{"thinkingLevel":"LOW"}"""),
            Triple("gemini-flash-latest", "high", """{"thinkingLevel":"HIGH","includeThoughts":true}"""),
        )) {
            test("$model, $effort") { sent(model, effort).config["thinkingConfig"] shouldBe parse(thinking) }
        }
        test("a model that does not think is told nothing, with a warning") {
            val encoded = sent("gemini-2.0-flash", "high")
            encoded.config["thinkingConfig"] shouldBe null
            encoded.told shouldContain "reasoning_effort dropped"
        }
    }

    context("thinking_config of the caller") {
        for ((model, said, thinking) in listOf(
            Triple("gemini-2.5-flash", """{"thinking_budget":10000,"include_thoughts":true}""", """{"thinkingBudget":10000,"includeThoughts":true}"""),
            Triple("gemini-2.5-flash", """{"thinkingBudget":-1}""", """{"thinkingBudget":-1}"""),
            Triple("gemini-2.5-flash", """{"includeThoughts":true}""", """{"includeThoughts":true}"""),
            Triple("gemini-2.5-flash", """{"thinking_level":"low"}""", """{"thinkingBudget":1024}"""),
            Triple("gemini-3-flash-preview", """{"thinking_level":"low","tomorrow":1}""", """{"thinkingLevel":"LOW","tomorrow":1}"""),
            Triple("gemini-3-flash-preview", """{"thinking_budget":512}""", """{"thinkingBudget":512}"""),
            Triple("gemini-3-flash-preview", """{"thinking_budget":0}""", """{"thinkingLevel":"MINIMAL"}"""),
            Triple("gemini-3-pro-preview", """{"thinking_level":"MINIMAL"}""", """{"thinkingLevel":"LOW"}"""),
            Triple("gemini-2.0-flash", """{"thinking_budget":0}""", null),
            Triple("tunedModels/mine", """{"thinking_budget":7}""", """{"thinkingBudget":7}"""),
        )) {
            test("$model, $said") {
                sent(model, said = said).config["thinkingConfig"] shouldBe thinking?.let(::parse)
            }
        }
        test("outranks an effort, and takes from it what it leaves open") {
            sent("gemini-2.5-flash", "high", """{"thinking_budget":100}""").config["thinkingConfig"] shouldBe
                parse("""{"thinkingBudget":100}""")
            sent("gemini-2.5-flash", "low", """{"include_thoughts":false}""").config["thinkingConfig"] shouldBe
                parse("""{"includeThoughts":false,"thinkingBudget":1024}""")
        }
        test("that cannot work is refused") {
            failure("gemini-2.5-flash", """{"thinking_budget":1,"thinking_level":"low"}""") shouldContain "takes a budget only"
            failure("gemini-2.5-pro", """{"thinking_budget":0}""") shouldContain "must be 128..32768 or -1"
            failure("gemini-2.5-flash", """{"thinking_budget":30000}""") shouldContain "must be 0 (off), 1..24576 or -1"
            failure("gemini-2.5-flash", """{"thinking_level":"ultra"}""") shouldContain "none of minimal, low"
            failure("gemini-2.0-flash", """{"thinking_budget":100}""") shouldContain "does not think"
            failure("gemini-2.5-flash", "3") shouldContain "must be an object"
        }
    }
})
