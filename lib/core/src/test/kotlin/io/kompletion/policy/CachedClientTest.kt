package io.kompletion.policy

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.ResponseCacheControl
import io.kompletion.error.ConfigurationException
import io.kompletion.error.TimeoutException
import io.kompletion.internal.cache.FakeCacheStore
import io.kompletion.internal.call.FakeTransport
import io.kompletion.listen.CallEvent
import io.kompletion.store.BudgetAccount
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.math.BigDecimal
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The response cache in the client: what stands around it, and that it reaches the provider once. */
@OptIn(ExperimentalCoroutinesApi::class)
class CachedClientTest : FunSpec({
    test("KompletionBuilder.cache: an equal request gets the answer again: it costs nothing, uses no budget and no limit, and listeners hear of it") {
        runTest {
            val events = ArrayList<CallEvent>()
            val state = memory()
            val transport = FakeTransport { _, _ -> used(10, 5) }
            val llm = policyClient(transport) {
                sharedState(state)
                cache { }
                rateLimit {
                    requests = 1
                    whenExceeded = WhenExceeded.FAIL
                }
                budget { global = 35.usd }
                listener { events += it }
            }
            val first = llm.chat(asked("openai/a") { maxCompletionTokens = 5 })
            first.cached shouldBe false
            repeat(5) {
                val again = llm.chat(asked("openai/a") { maxCompletionTokens = 5 })
                again.cached shouldBe true
                again.content shouldBe first.content
                again.cost?.total shouldBe BigDecimal.ZERO
                again.usage shouldBe first.usage
                again.attempts shouldHaveSize 0
            }
            transport.requests shouldHaveSize 1
            state.budgets.balance(BudgetAccount("default global", null, null)).spent shouldBe 20_000_000_000
            events.only<CallEvent.CacheMiss>() shouldHaveSize 1
            events.only<CallEvent.CacheHit>() shouldHaveSize 5
            events.only<CallEvent.Finished>().map { it.usage.isCached } shouldBe listOf(false) + List(5) { true }
        }
    }

    test("a stream is replayed as a stream") {
        runTest {
            val transport = FakeTransport { _, _ -> streamed("a", "b", "c") }
            val llm = policyClient(transport) { cache { } }
            fun List<ChatCompletionChunk>.body() = dropLast(1)
            val first = llm.chatStream(asked("openai/a")).toList()
            val again = llm.chatStream(asked("openai/a")).toList()
            again.body() shouldBe first.body()
            (again.last() as FinalResponseChunk).response.cached shouldBe true
            transport.requests shouldHaveSize 1
        }
    }

    test("a hundred equal calls at once are one call to the provider, streams and whole answers alike") {
        runTest {
            val transport = FakeTransport { _, _ -> used(10, 5) { delay(5.seconds) } }
            val llm = policyClient(transport) { cache { } }
            val answers = List(100) { async { llm.chat(asked("openai/a")) } }.awaitAll()
            transport.requests shouldHaveSize 1
            // One of them pays.
            answers.count { !it.cached } shouldBe 1
            answers.sumOf { it.cost!!.total } shouldBe BigDecimal(20)
            val streams = FakeTransport { _, _ -> streamed("a", "b") { delay(1.seconds) } }
            val streaming = policyClient(streams) { cache { } }
            val texts = List(100) { async { text(streaming.chatStream(asked("openai/a")).toList()) } }.awaitAll()
            texts.toSet() shouldBe setOf("ab")
            println(
                "single flight: 100 equal calls, ${transport.requests.size} to the provider; " +
                    "100 equal streams, ${streams.requests.size} to the provider",
            )
            streams.requests shouldHaveSize 1
        }
    }

    test("a leader that is cancelled does not fail the others") {
        runTest {
            val transport = FakeTransport { _, _ -> streamed("a", "b") { delay(1.seconds) } }
            val llm = policyClient(transport) { cache { } }
            val leader = launch { llm.chatStream(asked("openai/a")).toList() }
            delay(500)
            val others = List(9) { async { text(llm.chatStream(asked("openai/a")).toList()) } }
            delay(2.seconds)
            leader.cancelAndJoin()
            others.awaitAll().toSet() shouldBe setOf("ab")
            transport.requests shouldHaveSize 1
        }
    }

    test("a router's deployments share what is kept") {
        runTest {
            val transport = FakeTransport { _, _ -> used(1, 1) }
            val llm = policyClient(transport) {
                cache { }
                router("all") {
                    deployment("openai/a")
                    deployment("openai/b")
                }
            }
            repeat(6) { llm.chat(asked("all")) }
            transport.requests shouldHaveSize 1
        }
    }

    test("two keys are two answers, and so are two tenants") {
        runTest {
            val transport = FakeTransport { _, _ -> used(1, 1) }
            val llm = policyClient(transport) { cache { } }
            repeat(2) { llm.chat(asked("openai/a") { apiKey("k1") }) }
            repeat(2) { llm.chat(asked("openai/a") { apiKey("k2") }) }
            repeat(2) { llm.chat(asked("openai/a") { tenant = "t" }) }
            transport.requests shouldHaveSize 3
        }
    }

    test("what interceptors made of an answer is kept, and for those who have the same ones") {
        runTest {
            val transport = FakeTransport { _, _ -> used(1, 1) }
            val store = io.kompletion.internal.cache.FakeCacheStore()
            fun guarded(name: String?) = policyClient(transport) {
                cache { backend = CacheBackend.Custom(store) }
                if (name != null) {
                    interceptor(object : CallInterceptor {
                        override val name: String = name
                    })
                }
            }
            listOf("x", "x", null, null, "y").forEach { guarded(it).chat(asked("openai/a")) }
            transport.requests shouldHaveSize 3
        }
    }

    test("response_cache of a request holds for it, and without a cache it is a warning") {
        runTest {
            val transport = FakeTransport { _, _ -> used(1, 1) }
            val llm = policyClient(transport) { cache { } }
            repeat(2) { llm.chat(asked("openai/a") { responseCache = ResponseCacheControl.OFF }) }
            transport.requests shouldHaveSize 2
            llm.chat(asked("openai/a"))
            llm.chat(asked("openai/a") { responseCache = ResponseCacheControl.REFRESH })
            transport.requests shouldHaveSize 4
            val none = policyClient(transport)
            none.chat(asked("openai/a") { responseCache = ResponseCacheControl.REFRESH })
                .warnings.single().parameter shouldBe "response_cache"
            none.chat(asked("openai/a") { responseCache = ResponseCacheControl.OFF }).warnings shouldHaveSize 0
        }
    }

    test("clearCache() forgets everything, and closing the client ends what runs") {
        runTest {
            val transport = FakeTransport { _, _ -> used(1, 1) }
            val llm = policyClient(transport) { cache { } }
            llm.chat(asked("openai/a"))
            llm.clearCache()
            llm.chat(asked("openai/a"))
            transport.requests shouldHaveSize 2
            val slow = policyClient(FakeTransport { _, _ -> used(1, 1) { delay(100.seconds) } }) { cache { } }
            val call = async { runCatching { slow.chat(asked("openai/a")) } }
            delay(1.seconds)
            slow.close()
            call.await().exceptionOrNull()?.message shouldBe "the client was closed while the call ran"
            currentTime shouldBe 1_000
        }
    }

    test("Cache.backend: clients that are given one store have the answers of each other") {
        runTest {
            val store = FakeCacheStore()
            val transport = FakeTransport { _, _ -> used(10, 5) }
            repeat(2) {
                val llm = policyClient(transport) { cache { backend = CacheBackend.Custom(store) } }
                llm.chat(asked("openai/a")).cached shouldBe (it == 1)
                // Nobody waits for the store.
                delay(10.milliseconds)
                llm.close()
            }
            store.entries.size shouldBe 1
        }
    }

    test("the total time of a call holds, and its end is a failure of the call, not of its collector") {
        for (shares in listOf(true, false)) {
            runTest {
                val events = ArrayList<CallEvent>()
                val llm = policyClient(FakeTransport { _, _ -> streamed("a", "b") }) {
                    cache { singleFlight = shares }
                    listener { events += it }
                }
                val failure = shouldThrow<TimeoutException> {
                    llm.chatStream(asked("openai/a") { timeout = Duration.ofSeconds(10) }).collect { delay(60.seconds) }
                }
                failure.kind shouldBe TimeoutException.Kind.TOTAL
                failure.provider shouldBe "openai"
                events.last().let { it as CallEvent.Finished }.usage.outcome.name shouldBe "TIMED_OUT"
                currentTime shouldBe 10_000
                if (!shares) failure.partial?.content.orEmpty().take(1) shouldBe "a"
            }
        }
    }

    test("a collector that fails is no failure of the call, with a cache as without") {
        for (shares in listOf(true, false)) {
            runTest {
                val events = ArrayList<CallEvent>()
                val llm = policyClient(FakeTransport { _, _ -> streamed("a", "b") }) {
                    cache { singleFlight = shares }
                    listener { events += it }
                }
                shouldThrow<IllegalStateException> {
                    llm.chatStream(asked("openai/a")).collect { throw IllegalStateException("mine") }
                }
                events.last().let { it as CallEvent.Finished }.usage.outcome.name shouldBe "CANCELLED"
            }
        }
    }

    test("one caller's time is no reason to stop what others wait for") {
        runTest {
            val llm = policyClient(FakeTransport { _, _ -> used(1, 1) { delay(20.seconds) } }) { cache { } }
            val hasty = async { runCatching { llm.chat(asked("openai/a") { timeout = Duration.ofSeconds(5) }) } }
            val patient = async { llm.chat(asked("openai/a")) }
            hasty.await().exceptionOrNull().shouldBeInstanceOf<TimeoutException>()
            patient.await().content shouldBe "there"
        }
    }

    test("a backend that is not there is an error when the client is made") {
        shouldThrow<ConfigurationException> { Kompletion { cache { backend = CacheBackend.Shared } } }
        shouldThrow<ConfigurationException> {
            Kompletion { cache { backend = CacheBackend.OpenDal("nowhere", emptyMap()) } }
        }.message.orEmpty().contains("kompletion-opendal") shouldBe true
    }
})
