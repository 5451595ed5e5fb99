package io.kompletion.tokenizer

import io.kompletion.Kompletion
import io.kompletion.error.UnsupportedParameterException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe

class JTokkitTokenizerTest : FunSpec({
    val tokenizer = JTokkitTokenizer()

    // figures of tiktoken, as OpenAI's cookbook prints them
    test("counts like the vocabulary of the model") {
        tokenizer.count("antidisestablishmentarianism", "gpt-4") shouldBe 6
        tokenizer.count("antidisestablishmentarianism", "gpt-4o") shouldBe 6
        tokenizer.count("2 + 2 = 4", "gpt-3.5-turbo") shouldBe 7
        tokenizer.count("お誕生日おめでとう", "gpt-4") shouldBe 9
        tokenizer.count("お誕生日おめでとう", "gpt-4o-mini") shouldBe 8
        tokenizer.count("", "gpt-4o") shouldBe 0
    }

    test("takes what looks like a special token for text") {
        (tokenizer.count("<|endoftext|>", "gpt-4o")!! > 1) shouldBe true
    }

    test("knows models by their families, whatever follows") {
        val newer = "お誕生日おめでとう"
        for (model in listOf("gpt-4o-2024-08-06", "gpt-5", "gpt-5.1-mini", "o3-mini", "openai/gpt-oss-120b", "ft:gpt-4o:acme::1", "GPT-4.1")) {
            tokenizer.count(newer, model) shouldBe 8
        }
        for (model in listOf("gpt-4", "gpt-4-turbo", "gpt-4-0613", "gpt-35-turbo")) tokenizer.count(newer, model) shouldBe 9
    }

    test("does not guess for others") {
        for (model in listOf("claude-sonnet-4-6", "o1x", "gpt-40", "llama-3", "")) tokenizer.count("a", model).shouldBeNull()
    }

    test("is found by a client") {
        Kompletion { environment(mapOf("OPENAI_API_KEY" to "k", "GROQ_API_KEY" to "k")) }.use { llm ->
            val count = llm.countTokens("openai/gpt-4o") { user("Hello there") }
            count.isEstimate shouldBe true
            count.tokens shouldBe 3 + 1 + 2 + 3
            shouldThrow<UnsupportedParameterException> { llm.countTokens("groq/llama-3.3-70b-versatile") { user("Hi") } }
        }
    }
})
