package io.kompletion.policy

import io.kompletion.chat.FinalResponseChunk
import io.kompletion.error.AllAttemptsFailedException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.error
import io.kompletion.listen.CallEvent
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The effect of every field of [Hedge], in virtual time. */
@OptIn(ExperimentalCoroutinesApi::class)
class HedgeTest : FunSpec({
    /** The model whose name stands in the body answers after its seconds; a negative number fails then. */
    fun server(vararg seconds: Pair<String, Int>, fail: () -> FakeResponse = { error(503) }, stream: Boolean = true) =
        FakeTransport { _, request ->
            val body = request.body!!.decodeToString()
            val (model, time) = seconds.first { "\"${it.first}\"" in body }
            delay(kotlin.math.abs(time).seconds)
            when {
                time < 0 -> fail()
                stream -> streamed(model, "!")
                else -> used(1, 1, model)
            }
        }

    val both = asked("openai/a") { fallback("openai/b") }

    test("Hedge.delay: a first target that begins in time is the only one asked") {
        runTest {
            val transport = server("a" to 2)
            val llm = policyClient(transport) { hedge { delay = Duration.ofSeconds(3) } }
            text(llm.chatStream(both).toList()) shouldBe "a!"
            transport.requests shouldHaveSize 1
        }
    }

    test("Hedge.delay: after it the second target is asked, and whoever begins first answers") {
        runTest {
            val events = ArrayList<CallEvent>()
            val transport = server("a" to 10, "b" to 1)
            val llm = policyClient(transport) {
                hedge { delay = Duration.ofSeconds(3) }
                listener { events += it }
            }
            val chunks = llm.chatStream(both).toList()
            text(chunks) shouldBe "b!"
            (chunks.last() as FinalResponseChunk).response.timeToFirstChunk shouldBe Duration.ofSeconds(4)
            transport.requests shouldHaveSize 2
            events.only<CallEvent.Hedged>().single().model shouldBe "b"
            events.filter { it is CallEvent.Succeeded || it is CallEvent.Failed || it is CallEvent.Cancelled } shouldHaveSize 1
        }
        runTest {
            val transport = server("a" to 4, "b" to 10)
            val llm = policyClient(transport) { hedge { delay = Duration.ofSeconds(3) } }
            text(llm.chatStream(both).toList()) shouldBe "a!"
            currentTime shouldBe 4_000
        }
    }

    test("a whole answer is hedged, too") {
        runTest {
            val transport = server("a" to 10, "b" to 1, stream = false)
            val llm = policyClient(transport) { hedge { delay = Duration.ofSeconds(3) } }
            val answer = llm.chat(both)
            answer.content shouldBe "b"
            currentTime shouldBe 4_000
        }
    }

    test("Hedge.sameTarget: without a fallback the same target is asked again, or nobody") {
        for (same in listOf(true, false)) {
            runTest {
                val transport = FakeTransport { n, _ ->
                    delay(if (n == 1) 10.seconds else 1.seconds)
                    streamed("answer $n")
                }
                val llm = policyClient(transport) {
                    hedge {
                        delay = Duration.ofSeconds(3)
                        sameTarget = same
                    }
                }
                text(llm.chatStream(asked("openai/a")).toList()) shouldBe if (same) "answer 2" else "answer 1"
                transport.requests shouldHaveSize if (same) 2 else 1
            }
        }
    }

    test("a first target that fails early leaves the second as its fallback") {
        runTest {
            val transport = server("a" to -1, "b" to 1)
            val llm = policyClient(transport) { hedge { delay = Duration.ofSeconds(3) } }
            val chunks = llm.chatStream(both).toList()
            text(chunks) shouldBe "b!"
            (chunks.last() as FinalResponseChunk).response.attempts.map { it.model } shouldBe listOf("a", "b")
        }
    }

    test("a first target that fails while the second runs waits for it") {
        runTest {
            val transport = server("a" to -4, "b" to 5)
            val llm = policyClient(transport) { hedge { delay = Duration.ofSeconds(3) } }
            val chunks = llm.chatStream(both).toList()
            text(chunks) shouldBe "b!"
            (chunks.last() as FinalResponseChunk).response.attempts.map { it.status } shouldBe listOf(503, 200)
            transport.requests shouldHaveSize 2
        }
    }

    test("a second target that fails leaves the first alone") {
        runTest {
            val transport = server("a" to 10, "b" to -1)
            val llm = policyClient(transport) { hedge { delay = Duration.ofSeconds(3) } }
            text(llm.chatStream(both).toList()) shouldBe "a!"
        }
    }

    test("both fail, then the third is asked") {
        runTest {
            val transport = server("a" to -4, "b" to -5, "c" to 1)
            val llm = policyClient(transport) { hedge { delay = Duration.ofSeconds(3) } }
            val three = both.toBuilder().fallback("openai/c").build()
            text(llm.chatStream(three).toList()) shouldBe "c!"
            val failure = shouldThrow<AllAttemptsFailedException> { llm.chatStream(both).toList() }
            failure.attempts.map { it.model } shouldBe listOf("a", "b")
        }
    }

    test("the loser's places, rates and money come back") {
        runTest {
            val state = memory()
            val transport = server("a" to 10, "b" to 1, stream = false)
            val llm = policyClient(transport) {
                sharedState(state)
                hedge { delay = Duration.ofSeconds(3) }
                concurrencyLimit { maxConcurrent = 2 }
                budget {
                    global = 10_000.usd
                    whenBroken = Budget.WhenBroken.NOTHING
                }
            }
            repeat(5) { llm.chat(both) }
            val balance = state.budgets.balance(io.kompletion.store.BudgetAccount("default global", null, null))
            balance.reserved shouldBe 0
            balance.spent shouldBe 5 * 3 * 1_000_000_000L
        }
    }

    test("cancelling the call ends both") {
        runTest {
            val transport = server("a" to 100, "b" to 100)
            val llm = policyClient(transport) { hedge { delay = Duration.ofSeconds(3) } }
            val call = launch { llm.chatStream(both).toList() }
            delay(5.seconds)
            call.cancelAndJoin()
            currentTime shouldBe 5_000
            transport.requests shouldHaveSize 2
        }
    }

    test("a winner that breaks off is an interruption like any other") {
        runTest {
            val transport = FakeTransport { n, _ ->
                delay(if (n == 1) 10.seconds else 1.seconds)
                FakeResponse(200, listOf(piece("half")))
            }
            val llm = policyClient(transport) { hedge { delay = Duration.ofSeconds(3) } }
            val failure = shouldThrow<StreamInterruptedException> { llm.chatStream(both).toList() }
            failure.shouldBeInstanceOf<StreamInterruptedException>().partial?.content shouldBe "half"
        }
    }
})
