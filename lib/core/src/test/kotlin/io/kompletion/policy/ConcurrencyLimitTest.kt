package io.kompletion.policy

import io.kompletion.error.RateLimitedException
import io.kompletion.internal.call.FakeTransport
import io.kompletion.listen.CallEvent
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The effect of every field of [ConcurrencyLimit], in virtual time. */
@OptIn(ExperimentalCoroutinesApi::class)
class ConcurrencyLimitTest : FunSpec({
    /** Every answer takes ten seconds; counts those under way. */
    class Server {
        var running = 0
        var most = 0
        val transport = FakeTransport { _, _ ->
            running++
            most = maxOf(most, running)
            try {
                delay(10.seconds)
                used(1, 1)
            } finally {
                running--
            }
        }
    }

    test("ConcurrencyLimit.maxConcurrent: never more run at once, and the others follow in their order") {
        runTest {
            val server = Server()
            val llm = policyClient(server.transport) { concurrencyLimit { maxConcurrent = 3 } }
            val ends = ArrayList<Int>()
            List(9) { i ->
                launch {
                    llm.chat(asked("openai/a"))
                    ends += i
                }
            }.forEach { it.join() }
            server.most shouldBe 3
            ends shouldBe (0..8).toList()
            currentTime shouldBe 30_000
        }
    }

    test("ConcurrencyLimit.per: says who shares the limit") {
        runTest {
            val server = Server()
            val llm = policyClient(server.transport) {
                concurrencyLimit {
                    maxConcurrent = 1
                    per = LimitScope.MODEL
                }
            }
            awaitAll(async { llm.chat(asked("openai/a")) }, async { llm.chat(asked("openai/b")) })
            server.most shouldBe 2
        }
        runTest {
            val server = Server()
            val llm = policyClient(server.transport) {
                concurrencyLimit {
                    maxConcurrent = 1
                    per = LimitScope.PROVIDER
                }
            }
            awaitAll(async { llm.chat(asked("openai/a")) }, async { llm.chat(asked("openai/b")) })
            server.most shouldBe 1
        }
    }

    test("ConcurrencyLimit.only: leaves the others alone") {
        runTest {
            val server = Server()
            val llm = policyClient(server.transport) {
                concurrencyLimit {
                    maxConcurrent = 1
                    per = LimitScope.TENANT
                    only = "small"
                }
            }
            awaitAll(*Array(3) { async { llm.chat(asked("openai/a") { tenant = "large" }) } })
            server.most shouldBe 3
            awaitAll(*Array(3) { async { llm.chat(asked("openai/a") { tenant = "small" }) } })
            currentTime shouldBe 40_000
        }
    }

    test("ConcurrencyLimit.whenExceeded: FAIL does not wait") {
        runTest {
            val llm = policyClient(Server().transport) {
                concurrencyLimit {
                    maxConcurrent = 1
                    whenExceeded = WhenExceeded.FAIL
                }
            }
            val first = async { llm.chat(asked("openai/a")) }
            delay(1.seconds)
            shouldThrow<RateLimitedException> { llm.chat(asked("openai/a")) }.code shouldBe "local.concurrency"
            first.await()
            llm.chat(asked("openai/a"))
        }
    }

    test("ConcurrencyLimit.maxWaiting: one more in the line fails") {
        runTest {
            val llm = policyClient(Server().transport) {
                concurrencyLimit {
                    maxConcurrent = 1
                    maxWaiting = 2
                }
            }
            val calls = List(5) { async { runCatching { llm.chat(asked("openai/a")) } } }.awaitAll()
            calls.map { it.isSuccess } shouldBe listOf(true, true, true, false, false)
        }
    }

    test("ConcurrencyLimit.maxWait: ends the wait") {
        runTest {
            val llm = policyClient(Server().transport) {
                concurrencyLimit {
                    maxConcurrent = 1
                    maxWait = Duration.ofSeconds(15)
                }
            }
            val calls = List(3) { async { runCatching { llm.chat(asked("openai/a")) } } }.awaitAll()
            calls.map { it.isSuccess } shouldBe listOf(true, true, false)
            currentTime shouldBe 20_000
        }
    }

    test("a stream holds its place until it is read") {
        runTest {
            val began = ArrayList<Long>()
            val ended = ArrayList<Long>()
            val transport = FakeTransport { _, _ ->
                began += currentTime
                streamed("a", "b") { delay(1.seconds) }
            }
            val llm = policyClient(transport) { concurrencyLimit { maxConcurrent = 1 } }
            List(2) {
                async {
                    llm.chatStream(asked("openai/a")).toList()
                    ended += currentTime
                }
            }.awaitAll()
            began shouldBe listOf(0L, ended[0])
        }
    }

    test("what waited for its place asks the rate limit once more") {
        runTest {
            val sent = ArrayList<Long>()
            val server = Server()
            val transport = FakeTransport { n, request ->
                sent += currentTime
                server.transport.open(request).also { check(n > 0) }
            }
            val llm = policyClient(transport) {
                concurrencyLimit { maxConcurrent = 1 }
                rateLimit {
                    requests = 1
                    window = Duration.ofSeconds(4)
                }
            }
            List(4) { async { llm.chat(asked("openai/a")) } }.awaitAll()
            sent.zipWithNext { a, b -> b - a }.all { it >= 4_000 } shouldBe true
        }
    }

    test("whatever happens, no place stays taken") {
        runTest {
            val events = ArrayList<CallEvent>()
            val llm = policyClient(Server().transport) {
                concurrencyLimit { maxConcurrent = 1 }
                listener { events += it }
            }
            val first = launch { llm.chat(asked("openai/a")) }
            val second = launch { llm.chat(asked("openai/a")) }
            delay(1.seconds)
            second.cancel()
            first.cancel()
            llm.chat(asked("openai/a"))
            currentTime shouldBe 11_000
            events.only<CallEvent.Waited>() shouldHaveSize 0
        }
    }

    test("a place that is waited for is told") {
        runTest {
            val events = ArrayList<CallEvent>()
            val llm = policyClient(Server().transport) {
                concurrencyLimit { maxConcurrent = 1 }
                listener { events += it }
            }
            List(2) { async { llm.chat(asked("openai/a")) } }.awaitAll()
            events.only<CallEvent.Waited>().single().limit shouldBe "1 at once per provider openai"
        }
    }
})
