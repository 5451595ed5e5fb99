package io.kompletion.testkit.chat

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.testkit.FakeChatProvider
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage
import io.kompletion.testkit.anthropic.FakeAnthropic
import io.kompletion.testkit.gemini.FakeGemini
import io.kompletion.testkit.openai.FakeOpenAi
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.arbitrary.int
import io.kotest.property.checkAll
import kotlinx.coroutines.flow.last

/** A streamed answer costs what the same answer costs whole, whatever the figures are. */
class StreamedCostTest : FunSpec({
    val anyUsage = arbitrary { source ->
        val input = Arb.int(1..600_000).sample(source).value
        val output = Arb.int(1..100_000).sample(source).value
        val cached = Arb.int(0..input).sample(source).value
        FakeUsage(input, output, cached, Arb.int(0..output).sample(source).value)
    }
    for ((name, model, fake) in listOf<Triple<String, String, () -> FakeChatProvider>>(
        Triple("openai", "gpt-5.4", FakeOpenAi::start),
        Triple("anthropic", "claude-sonnet-4-5", FakeAnthropic::start),
        Triple("google", "gemini-2.5-pro", { FakeGemini.start() }),
    )) {
        test("$name/$model") {
            fake().use { provider ->
                val client = Kompletion {
                    environment(emptyMap())
                    provider(name) { apiKey("key").baseUrl(provider.baseUrl) }
                }
                client.use { llm ->
                    val request = ChatCompletionRequest("$name/$model") { user("Hello") }
                    checkAll(CASES, anyUsage) { usage ->
                        provider.enqueue(FakeReply.text("Hi there").usage(usage), FakeReply.text("Hi there").usage(usage))
                        val whole = llm.chat(request)
                        val streamed = (llm.chatStream(request).last() as FinalResponseChunk).response
                        streamed.cost shouldBe whole.cost.shouldNotBeNull()
                        whole.usage?.totalTokens shouldBe usage.inputTokens.toLong() + usage.outputTokens
                    }
                }
            }
        }
    }
})

private const val CASES = 25
