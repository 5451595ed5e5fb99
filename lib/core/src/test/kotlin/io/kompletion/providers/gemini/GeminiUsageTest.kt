package io.kompletion.providers.gemini

import io.kompletion.chat.Usage
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject

private fun usage(json: String): Usage? = geminiUsage(parse(json) as JsonObject)

class GeminiUsageTest : FunSpec({
    test("thoughts stand beside the candidates, the cache is in the prompt, tools read beside it") {
        val raw = """{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":20,"thoughtsTokenCount":30,
            "toolUsePromptTokenCount":7,"totalTokenCount":157}"""
        usage(raw) shouldBe Usage(
            uncachedInputTokens = 67,
            cacheReadTokens = 40,
            outputTokens = 20,
            reasoningTokens = 30,
            raw = parse(raw) as JsonObject,
        )
        usage(raw)?.totalTokens shouldBe 157
    }

    test("sounds and pictures are counted apart, without what the cache read of them") {
        val found = usage(
            """{"promptTokenCount":100,"cachedContentTokenCount":30,"candidatesTokenCount":50,
            "promptTokensDetails":[{"modality":"TEXT","tokenCount":10},{"modality":"AUDIO","tokenCount":60},{"modality":"IMAGE","tokenCount":30}],
            "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":30}],
            "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":40},{"modality":"AUDIO","tokenCount":5}]}""",
        )
        found?.copy(raw = emptyMap()) shouldBe Usage(
            uncachedInputTokens = 10,
            cacheReadTokens = 30,
            audioInputTokens = 30,
            imageInputTokens = 30,
            outputTokens = 5,
            imageOutputTokens = 40,
            audioOutputTokens = 5,
        )
    }

    test("figures that count nothing are no usage") {
        usage("""{"trafficType":"ON_DEMAND"}""").shouldBeNull()
        usage("""{"promptTokenCount":3}""")?.promptTokens shouldBe 3
    }
})
