package io.kompletion.samples

import io.kompletion.Kompletion
import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.openai.FakeOpenAi

/** The model that the recipes ask. */
internal const val MODEL: String = "openai/gpt-5-mini"

/**
 * Runs [recipe] against a fake of OpenAI on this machine, so that it needs no key and no network. A program of your own
 * has `Kompletion()` instead, which takes the key from `OPENAI_API_KEY`.
 */
internal suspend fun offline(recipe: suspend (llm: Kompletion, openAi: FakeOpenAi) -> Unit) {
    FakeProviders.start().use { fakes ->
        val openAi = fakes.openAi()
        val client = Kompletion {
            provider("openai") {
                baseUrl = openAi.baseUrl
                apiKey("sk-any")
            }
        }
        client.use { recipe(it, openAi) }
    }
}
