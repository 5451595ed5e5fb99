package io.kompletion.internal.price

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class ModelNamesTest : FunSpec({
    val names = ModelNames(setOf("us", "eu", "global"))

    mapOf(
        "gpt-5-mini-2025-08-07" to "gpt-5-mini",
        "claude-haiku-4-5-20251001" to "claude-haiku-4-5",
        "claude-haiku-4-5@20251001" to "claude-haiku-4-5",
        "claude-opus-5@default" to "claude-opus-5",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0" to "anthropic.claude-sonnet-4-5",
        "gemini-2.0-flash-001" to "gemini-2.0-flash",
        "gemini-2.5-flash-preview-09-2025" to "gemini-2.5-flash-preview",
        "mistral-large-2411" to "mistral-large",
        "mistral-large-latest" to "mistral-large",
        "ft:gpt-4o-mini-2024-07-18:my-org::abc" to "ft:gpt-4o-mini",
        "models/gemini-2.5-pro" to "gemini-2.5-pro",
        "projects/p/locations/l/publishers/google/models/gemini-2.5-pro" to "gemini-2.5-pro",
        "deepseek-v3" to "deepseek-v3",
        "gpt-4.1" to "gpt-4.1",
        "llama3:8b" to "llama3:8b",
        "GPT-5" to "gpt-5",
        "-2025-08-07" to "-2025-08-07",
    ).forEach { (name, base) ->
        test("$name is $base") { names.base(name) shouldBe base }
    }

    test("who made a model does not belong to the name of its family") {
        names.family("us.anthropic.claude-opus-5-v1:0") shouldBe "claude-opus-5"
        names.family("openai/gpt-oss-120b") shouldBe "gpt-oss-120b"
        names.family("gpt-5.4-mini") shouldBe "gpt-5.4-mini"
    }

    test("a family holds what goes on after its pattern") {
        fun holds(pattern: String, name: String) = ModelFamily(pattern, "p", "m", emptySet()).holds(name)
        holds("gpt-5", "gpt-5") shouldBe true
        holds("gpt-5", "gpt-5.9") shouldBe true
        holds("gpt-5", "gpt-55") shouldBe false
        holds("o#", "o12-mini") shouldBe true
        holds("o#", "olmo") shouldBe false
        holds("o#", "o") shouldBe false
        holds("claude-", "claude-x") shouldBe true
        holds("claude-", "claud") shouldBe false
    }
})
