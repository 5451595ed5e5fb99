package io.kompletion.samples

import io.kompletion.testkit.FakeProviders
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.server.Gate
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class VoiceTurnTest : FunSpec({
    test("the first sentence is printed while the fake holds the rest back; the fallback answers; the tool runs once") {
        FakeProviders.start().use { fakes ->
            val gate = Gate("behind the first word of the second sentence")
            val openAi = fakes.openAi().respondWith(FakeReply.error(503))
            val anthropic = fakes.anthropic()
            anthropic.enqueue(
                FakeReply.toolCall("get_weather", """{"city":"Lisbon"}"""),
                FakeReply.text("Clear sky. Warm wind.").holdAfter(anthropic.openingEvents + 2, gate),
            )
            val finished = ArrayList<Boolean>()
            val text = printed {
                voiceClient(openAi.baseUrl, anthropic.baseUrl).use { llm ->
                    val answers = voiceTurn(llm, "How is the weather in Lisbon?") { sentence ->
                        println("says: $sentence")
                        finished += gate.isOpen
                        gate.open()
                    }
                    answers.map { answer -> answer.attempts.map { it.provider } } shouldBe
                        List(2) { listOf("openai", "anthropic") }
                    answers.last().content shouldBe "Clear sky. Warm wind."
                }
            }

            text shouldBe "get_weather({\"city\":\"Lisbon\"})\nsays: Clear sky.\nsays: Warm wind."
            finished shouldBe listOf(false, true)
            openAi.requests.map { it.toolResults.size } shouldBe listOf(0, 1)
            anthropic.requests.map { it.toolResults.size } shouldBe listOf(0, 1)
        }
    }
})
