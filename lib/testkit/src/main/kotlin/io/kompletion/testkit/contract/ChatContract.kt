@file:JvmName("ChatContract")

package io.kompletion.testkit.contract

import io.kompletion.chat.FinishReason
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.ResponseCacheControl
import io.kompletion.chat.TextPart
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.FakeUsage
import io.kotest.assertions.withClue
import io.kotest.core.factory.TestFactory
import io.kotest.core.spec.style.funSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.flow.last

/** What every provider's whole answer means. */
public fun chatContract(target: ContractTarget): TestFactory = funSpec {
    contract(target, "an answer has its text, finish reason, usage and names") {
        fake.enqueue(FakeReply.text("Hello there").usage(FakeUsage(11, 5, cachedTokens = 4)))
        val answer = client.chat(request())
        answer.content shouldBe "Hello there"
        answer.finishReason shouldBe FinishReason.STOP
        answer.nativeFinishReason.shouldNotBeNull()
        answer.provider shouldBe target.provider
        answer.id.isNotEmpty() shouldBe true
        val usage = answer.usage.shouldNotBeNull()
        usage.promptTokens shouldBe 11
        val cached = if (target.tellsCachedTokens) 4L else 0L
        usage.cacheReadTokens shouldBe cached
        usage.uncachedInputTokens shouldBe 11 - cached
        usage.completionTokens shouldBe 5
        usage.totalTokens shouldBe 16
        // known or not, but never neither and never both
        (answer.cost == null) shouldBe (answer.costUnknownReason != null)
        answer.message.parts shouldContainExactly listOf(TextPart.of("Hello there"))
    }

    contract(target, "an answer says who gave it and how long it took") {
        fake.enqueue(FakeReply.text("Hi").header("x-request-id", "req_7"))
        val answer = client.chat(request())
        answer.attempts shouldHaveSize 1
        answer.attempts[0].succeeded shouldBe true
        answer.attempts[0].status shouldBe 200
        answer.attempts[0].provider shouldBe target.provider
        answer.attempts[0].model shouldBe target.model
        answer.requestId shouldBe "req_7"
        answer.latency.shouldNotBeNull()
        answer.timeToFirstChunk.shouldBeNull()
        answer.warnings.shouldBeEmpty()
    }

    contract(target, "whom the call is for and what the client keeps of it stays with the client") {
        fake.enqueue(FakeReply.text("Hi"))
        val answer = client.chat(
            request {
                user("Hello")
                tenant = "tenant-of-this-call"
                conversationId = "conversation-of-this-call"
                responseCache = ResponseCacheControl.REFRESH
            },
        )
        val sent = fake.lastRequest
        for (text in sent.http.headerLines + sent.http.target + sent.bodyText) text shouldNotContain "-of-this-call"
        for (name in listOf("tenant", "conversation_id", "response_cache")) sent.bodyText shouldNotContain "\"$name\""
        // This client has no cache that could do as it is told, and says so.
        answer.warnings.map { it.parameter } shouldBe listOf("response_cache")
        answer.cached shouldBe false
    }

    contract(target, "zero is a value and reaches the provider") {
        fake.enqueue(FakeReply.text("Hi"))
        client.chat(
            request {
                user("Hello")
                temperature = 0.0
                seed = 0
            },
        )
        withClue(fake.lastRequest.bodyText) { fake.lastRequest.bodyText shouldContain "\"temperature\":0" }
    }

    contract(target, "instructions and turns arrive in order") {
        fake.enqueue(FakeReply.text("Hi"))
        client.chat(
            request {
                system("Be brief.")
                user("one")
                assistant("two")
                user("three")
            },
        )
        val body = fake.lastRequest.bodyText
        val places = listOf("Be brief.", "one", "two", "three").map { body.indexOf("\"$it\"") }
        withClue(body) { places shouldBe places.sorted() }
        withClue(body) { places.none { it < 0 } shouldBe true }
    }

    contract(target, "reasoning stands before the text and is no part of it") {
        fake.enqueue(FakeReply.reasoning("Let me think.").thenText("42"))
        val answer = client.chat(request())
        answer.content shouldBe "42"
        answer.message.reasoning shouldBe "Let me think."
        (answer.message.parts.first() is ReasoningPart) shouldBe true
    }

    contract(target, "an answer that was cut off says so") {
        fake.enqueue(FakeReply.text("Once upon").finishReason("length"))
        client.chat(
            request {
                user("Tell")
                maxTokens = 2
            },
        ).finishReason shouldBe FinishReason.LENGTH
    }

    contract(target, "streamed and whole mean the same") {
        val reply = FakeReply.reasoning("Hm.").thenText("The answer is 42.").usage(FakeUsage(9, 7, reasoningTokens = 2))
        fake.enqueue(reply, reply)
        val whole = client.chat(request())
        val streamed = client.chatStream(request()).last() as io.kompletion.chat.FinalResponseChunk
        streamed.response.message.parts shouldBe whole.message.parts
        streamed.response.finishReason shouldBe whole.finishReason
        streamed.response.usage?.totalTokens shouldBe whole.usage?.totalTokens
        streamed.response.usage?.reasoningTokens shouldBe (if (target.tellsReasoningTokens) 2 else 0)
        streamed.response.model shouldBe whole.model
    }

    contract(target, "long text with every kind of character survives the way there and back") {
        val text = "Grüße, 世界! 🎉👩‍👩‍👧 \"quoted\" \\ back\u0001\u2028 " + "x".repeat(20_000)
        fake.enqueue(FakeReply.text(text, 7), FakeReply.text(text, 7))
        client.chat(request { user(text) }).content shouldBe text
        fake.lastRequest.lastUserText shouldBe text
        (
            client.chatStream(
                request {
                    user(text)
                },
            ).last() as io.kompletion.chat.FinalResponseChunk
            ).response.content shouldBe
            text
    }
}
