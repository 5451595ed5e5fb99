package io.kompletion.testkit.chat

import io.kompletion.Kompletion
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.testkit.FakeProviders
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.flow.toList

class FirstChatTest : FunSpec({
    test("a whole answer and a streamed one say the same") {
        FakeProviders.start().use { fakes ->
            val openAi = fakes.openAi()
            val llm = Kompletion {
                environment(emptyMap())
                provider("openai") {
                    apiKey("sk-test")
                    baseUrl = openAi.baseUrl
                }
            }
            llm.use {
                val whole = llm.chat("openai/gpt-5-mini") { user("Hello") }
                val chunks = llm.chatStream("openai/gpt-5-mini") { user("Hello") }.toList()
                println(chunks)
                val last = chunks.last().shouldBeInstanceOf<FinalResponseChunk>()
                last.response.content shouldBe whole.content
            }
        }
    }
})
