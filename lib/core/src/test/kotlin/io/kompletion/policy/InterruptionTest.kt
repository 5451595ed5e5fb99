package io.kompletion.policy

import io.kompletion.chat.AssistantMessageSentenceChunk
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.InterruptionChunk
import io.kompletion.chat.OnInterruption
import io.kompletion.chat.StreamOptions
import io.kompletion.error.KompletionException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.internal.call.DONE
import io.kompletion.internal.call.FINISH
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.error
import io.kompletion.listen.CallEvent
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.test.runTest

class InterruptionTest : FunSpec({
    fun mending(how: OnInterruption, most: Int = 1, sentences: Boolean = false) = StreamOptions {
        onInterruption = how
        maxInterruptions = most
        streamSentences = sentences
    }

    fun broken(vararg texts: String) = FakeResponse(200, texts.map(::piece))
    fun ended(vararg texts: String) = FakeResponse(200, texts.map(::piece) + FINISH + usage(1, 1) + DONE)
    fun List<ChatCompletionChunk>.answer() = (last() as FinalResponseChunk).response

    test("StreamOptions.onInterruption: FAIL, as usual, throws with what had come") {
        runTest {
            val transport = FakeTransport { _, _ -> broken("Hel") }
            val failure = shouldThrow<StreamInterruptedException> {
                policyClient(transport).chatStream(asked("openai/a")).toList()
            }
            failure.partial?.content shouldBe "Hel"
            transport.requests shouldHaveSize 1
        }
    }

    test("StreamOptions.onInterruption: RESTART begins anew and says that what came is void") {
        runTest {
            val events = ArrayList<CallEvent>()
            val transport = FakeTransport { n, _ -> if (n == 1) broken("Hel") else ended("Good", " day") }
            val llm = policyClient(transport) {
                retry { enabled = true }
                listener { events += it }
            }
            val chunks = llm.chatStream(asked("openai/a"), mending(OnInterruption.RESTART)).toList()
            val at = chunks.indexOfFirst { it is InterruptionChunk }
            (chunks[at] as InterruptionChunk).isRestart shouldBe true
            text(chunks.take(at)) shouldBe "Hel"
            text(chunks.drop(at)) shouldBe "Good day"
            chunks.answer().content shouldBe "Good day"
            chunks.answer().attempts.map { it.error } shouldBe listOf("StreamInterruptedException", null)
            events.only<CallEvent.Interrupted>().single().isRestart shouldBe true
        }
    }

    test("StreamOptions.onInterruption: an overloaded server is left for the next fallback") {
        runTest {
            val overloaded = "data: {\"error\":{\"message\":\"busy\",\"code\":\"server_error\",\"type\":\"server_error\"}}\n\n"
            val transport = FakeTransport { _, request ->
                if ("\"a\"" in request.body!!.decodeToString()) {
                    FakeResponse(200, listOf(piece("Hel"), overloaded))
                } else {
                    ended("from b")
                }
            }
            val llm = policyClient(transport)
            val request = asked("openai/a") { fallback("openai/b") }
            val chunks = llm.chatStream(request, mending(OnInterruption.RESTART)).toList()
            chunks.filterIsInstance<InterruptionChunk>().single().model shouldBe "b"
            chunks.answer().content shouldBe "from b"
        }
    }

    test("StreamOptions.onInterruption: CONTINUE gives the model what it has said, and the answer is one") {
        runTest {
            val transport = FakeTransport { n, _ -> if (n == 1) broken("The sky ", "is ") else ended(" blue", ".") }
            val llm = policyClient(transport) {
                retry { enabled = true }
                modelCatalog { model("openai/a") { capabilities("prefill") } }
            }
            val chunks = llm.chatStream(asked("openai/a"), mending(OnInterruption.CONTINUE)).toList()
            text(chunks) shouldBe "The sky is blue."
            val body = transport.requests[1].body!!.decodeToString()
            body shouldContain """{"role":"assistant","content":"The sky is"}"""
            val answer = chunks.answer()
            answer.content shouldBe "The sky is blue."
            // What the first part has used nobody said.
            answer.usage shouldBe null
            answer.cost shouldBe null
            answer.warnings.any { "continued" in it.message } shouldBe true
            chunks.filterIsInstance<InterruptionChunk>().single().isRestart shouldBe false
        }
    }

    test("StreamOptions.onInterruption: CONTINUE in sentences speaks each of them once") {
        runTest {
            val transport = FakeTransport { n, _ ->
                if (n == 1) broken("One is done. Two is h") else ended("alf. Three follows.")
            }
            val llm = policyClient(transport) {
                retry { enabled = true }
                modelCatalog { model("openai/a") { capabilities("prefill") } }
            }
            val chunks = llm.chatStream(asked("openai/a"), mending(OnInterruption.CONTINUE, sentences = true)).toList()
            chunks.filterIsInstance<AssistantMessageSentenceChunk>().map { it.sentence } shouldBe
                listOf("One is done.", "Two is half.", "Three follows.")
        }
    }

    test("StreamOptions.onInterruption: CONTINUE goes to the fallback that can, and fails where none can") {
        runTest {
            val transport = FakeTransport { n, _ -> if (n % 2 == 1) broken("Hel") else ended("lo") }
            val llm = policyClient(transport) { modelCatalog { model("openai/b") { capabilities("prefill") } } }
            val chunks = llm.chatStream(
                asked("openai/a") { fallback("openai/b") },
                mending(OnInterruption.CONTINUE),
            ).toList()
            text(chunks) shouldBe "Hello"
            chunks.answer().attempts.map { it.model } shouldBe listOf("a", "b")
            shouldThrow<StreamInterruptedException> {
                llm.chatStream(asked("openai/a"), mending(OnInterruption.CONTINUE)).toList()
            }
        }
    }

    test("StreamOptions.onInterruption: what goes on never begins anew, also when the next target fails first") {
        for (canContinue in listOf(true, false)) {
            runTest {
                val transport = FakeTransport { n, _ ->
                    when (n) {
                        1 -> broken("Hel")
                        2 -> error(503)
                        else -> ended("lo")
                    }
                }
                val llm = policyClient(transport) {
                    retry {
                        enabled = true
                        maxRetries = 0
                    }
                    modelCatalog {
                        model("openai/b") { capabilities("prefill") }
                        if (canContinue) model("openai/c") { capabilities("prefill") }
                    }
                }
                val request = asked("openai/a") { fallback("openai/b").fallback("openai/c") }
                val outcome = runCatching { llm.chatStream(request, mending(OnInterruption.CONTINUE)).toList() }
                outcome.isSuccess shouldBe canContinue
                outcome.getOrNull()?.let { text(it) shouldBe "Hello" }
            }
        }
    }

    test("StreamOptions.onInterruption: a tool call that has begun cannot be gone on with") {
        runTest {
            val call = """data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f"}}]}}]}"""
            val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(piece("Hel"), "$call\n\n")) }
            val llm = policyClient(transport) { modelCatalog { model("openai/a") { capabilities("prefill") } } }
            shouldThrow<StreamInterruptedException> {
                llm.chatStream(asked("openai/a"), mending(OnInterruption.CONTINUE)).toList()
            }
            transport.requests shouldHaveSize 1
        }
    }

    test("StreamOptions.onInterruption: goes on where repeats are switched off, and gives back what it took from the bucket") {
        runTest {
            val transport = FakeTransport { n, _ -> if (n % 2 == 1) broken("Hel") else ended("Hello") }
            val llm = policyClient(transport)
            // The bucket has 500 tokens, and each of these takes 14.
            repeat(100) {
                llm.chatStream(asked("openai/a"), mending(OnInterruption.RESTART)).toList().answer().content shouldBe "Hello"
            }
        }
    }

    test("StreamOptions.maxInterruptions: so many are mended") {
        for (most in 1..3) {
            runTest {
                val transport = FakeTransport { _, _ -> broken("Hel") }
                val llm = policyClient(transport) { retry { enabled = true } }
                shouldThrow<StreamInterruptedException> {
                    llm.chatStream(asked("openai/a"), mending(OnInterruption.RESTART, most)).toList()
                }
                transport.requests shouldHaveSize most + 1
            }
        }
    }

    test("before the next first chunk tries are repeated as ever") {
        runTest {
            val transport = FakeTransport { n, _ ->
                when (n) {
                    1 -> broken("Hel")
                    2 -> error(503)
                    else -> ended("Hello")
                }
            }
            val llm = policyClient(transport) { retry { enabled = true } }
            val chunks = llm.chatStream(asked("openai/a"), mending(OnInterruption.RESTART)).toList()
            chunks.answer().content shouldBe "Hello"
            chunks.answer().attempts.map { it.error } shouldBe
                listOf("StreamInterruptedException", "OverloadedException", null)
        }
    }

    test("what is not the stream's end is not mended: the total time, and the collector's own failure") {
        runTest {
            val transport = FakeTransport { _, _ -> broken("Hel") }
            val llm = policyClient(transport) { retry { enabled = true } }
            shouldThrow<IllegalStateException> {
                llm.chatStream(asked("openai/a"), mending(OnInterruption.RESTART)).collect { throw IllegalStateException("mine") }
            }
            shouldThrow<KompletionException> {
                llm.chatStream(
                    asked("openai/a") { timeout = java.time.Duration.ofMillis(1) },
                    mending(OnInterruption.RESTART),
                ).collect { kotlinx.coroutines.delay(10) }
            }
            transport.requests shouldHaveSize 2
        }
    }
})
