@file:JvmName("StreamContract")

package io.kompletion.testkit.contract

import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.FinishReasonChunk
import io.kompletion.chat.InterruptionChunk
import io.kompletion.chat.OnInterruption
import io.kompletion.chat.ReasoningDeltaChunk
import io.kompletion.chat.StreamOptions
import io.kompletion.chat.ToolCallChunk
import io.kompletion.chat.UsageChunk
import io.kompletion.error.KompletionException
import io.kompletion.error.OverloadedException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.testkit.FakeReply
import io.kompletion.testkit.server.Gate
import io.kotest.assertions.withClue
import io.kotest.core.factory.TestFactory
import io.kotest.core.spec.style.funSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.flow.last
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList

/** The contract of a stream, the same for every provider. */
public fun streamContract(target: ContractTarget): TestFactory = funSpec {
    contract(target, "chunks come in the one order, the response last") {
        fake.enqueue(FakeReply.reasoning("Hm.").thenText("Let me look.").thenToolCall("look", "{\"at\":1}"))
        val chunks = client.chatStream(request()).toList()
        val ranks = chunks.map { chunk ->
            when (chunk) {
                is ToolCallChunk -> 1
                is FinishReasonChunk -> 2
                is UsageChunk -> 3
                is FinalResponseChunk -> 4
                else -> 0
            }
        }
        withClue(chunks.map { it.type }) { ranks shouldBe ranks.sorted() }
        chunks.filterIsInstance<ReasoningDeltaChunk>().joinToString("") { it.reasoning } shouldBe "Hm."
        val last = chunks.last().shouldBeInstanceOf<FinalResponseChunk>().response
        chunks.filterIsInstance<AssistantMessageDeltaChunk>().joinToString("") { it.content } shouldBe last.content
        chunks.filterIsInstance<ToolCallChunk>().map { it.toolCall } shouldBe last.toolCalls
        chunks.filterIsInstance<UsageChunk>().single().usage shouldBe last.usage
        last.timeToFirstChunk.shouldNotBeNull()
    }

    contract(target, "what happens when the stream breaks off is no matter of the provider's") {
        fake.enqueue(FakeReply.text("Hi"))
        val chunks = client.chatStream(
            request {
                user("Hello")
                streamOptions = StreamOptions {
                    onInterruption = OnInterruption.RESTART
                    maxInterruptions = 7
                }
            },
        ).toList()
        chunks.last().shouldBeInstanceOf<FinalResponseChunk>().response.warnings.shouldBeEmpty()
        chunks.filterIsInstance<InterruptionChunk>().shouldBeEmpty()
        fake.lastRequest.bodyText shouldNotContain "interruption"
    }

    contract(target, "the first delta is in the collector's hands while the server keeps the second back") {
        val gate = Gate("second delta")
        fake.enqueue(FakeReply.textDeltas("first", " second").holdAfter(textEvent(0), gate))
        var seen: String? = null
        client.chatStream(request()).collect { chunk ->
            if (chunk is AssistantMessageDeltaChunk && seen == null) {
                gate.awaitReached()
                withClue("the server must still hold the second delta back") { gate.isOpen shouldBe false }
                seen = chunk.content
                gate.open()
            }
        }
        seen shouldBe "first"
    }

    contract(target, "a stream is cold: each collection is a call") {
        val stream = client.chatStream(request())
        fake.requests shouldHaveSize 0
        fake.enqueue(FakeReply.text("one"), FakeReply.text("two"))
        (stream.last() as FinalResponseChunk).response.content shouldBe "one"
        (stream.last() as FinalResponseChunk).response.content shouldBe "two"
        fake.requests shouldHaveSize 2
    }

    contract(target, "one byte at a time gives the same chunks") {
        val reply = FakeReply.textDeltas("Grüße ", "an 世界", " 🎉").thenToolCall("look", "{\"q\":\"ü\"}", "call_1")
        fake.enqueue(reply, reply.splitEvery(1))
        val whole = client.chatStream(request()).toList().dropLast(1)
        val dripped = client.chatStream(request()).toList().dropLast(1)
        dripped.map(::meaning) shouldBe whole.map(::meaning)
    }

    contract(target, "a stream that breaks off throws, with what had come") {
        for (breakOff in listOf(FakeReply::cutAfter, FakeReply::resetAfter)) {
            // A reset throws away what the reader has not read yet, so it waits until both deltas have arrived.
            val gate = Gate("break")
            val reply = FakeReply.textDeltas("one ", "two ", "three").holdAfter(textEvent(1), gate)
            fake.enqueue(breakOff(reply, textEvent(1)))
            var text = ""
            val stream = client.chatStream(request()).onEach { chunk ->
                if (chunk is AssistantMessageDeltaChunk) text += chunk.content
                if (text == "one two ") gate.open()
            }
            val failure = collect(stream).failure.shouldBeInstanceOf<StreamInterruptedException>()
            text shouldBe "one two "
            failure.partial.shouldNotBeNull().content shouldBe text
            failure.partial?.finishReason.shouldBeNull()
            failure.attempts shouldHaveSize 1
        }
        fake.requests shouldHaveSize 2
    }

    contract(target, "an error in the middle of a stream has its type, keeps what had come and is not repeated") {
        val reply = FakeReply.textDeltas("one ", "two ", "three")
        fake.enqueue(reply.failAfter(textEvent(1), "busy", "overloaded_error", "server_is_overloaded"))
        val got = collect(client.chatStream(request()))
        got.failure.shouldBeInstanceOf<OverloadedException>().partial.shouldNotBeNull().content shouldBe "one two "
        fake.requests shouldHaveSize 1
    }

    contract(target, "before the first chunk a stream is repeated like a whole answer") {
        fake.enqueue(FakeReply.error(503, "busy"), FakeReply.text("there"))
        val last = client.chatStream(request()).last() as FinalResponseChunk
        last.response.content shouldBe "there"
        last.response.attempts.map { it.status } shouldBe listOf(503, 200)
    }

    contract(target, "before the first chunk a stream falls back") {
        fake.enqueue(FakeReply.error(500, "one"), FakeReply.text("from the second"))
        val request = request {
            user("Hello")
            retry = io.kompletion.chat.RetryConfiguration.NONE
            fallback("${target.provider}/other-model")
        }
        val last = client.chatStream(request).last() as FinalResponseChunk
        last.response.content shouldBe "from the second"
        last.response.attempts.map { it.model } shouldBe listOf(target.model, "other-model")
        fake.requests.map { it.model } shouldBe listOf(target.model, "other-model")
    }

    contract(target, "what the collector throws is the collector's, untouched and not repeated") {
        fake.enqueue(FakeReply.text("one two three"))
        val mine = IllegalStateException("mine")
        val thrown = try {
            client.chatStream(request()).collect { throw mine }
            null
        } catch (e: IllegalStateException) {
            e
        } catch (e: KompletionException) {
            e
        }
        thrown?.message shouldBe "mine"
        fake.requests shouldHaveSize 1
    }
}
