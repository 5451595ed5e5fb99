package io.kompletion.policy

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.error.ConfigurationException
import io.kompletion.error.KompletionException
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.error
import io.kompletion.store.CooldownStore
import io.kompletion.store.SharedState
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import java.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The effect of every field of [Router], in virtual time. */
@OptIn(ExperimentalCoroutinesApi::class)
class RouterTest : FunSpec({
    /** Answers with the name of the model that was asked, after its time; fails when it is in [down]. */
    class Fleet(vararg times: Pair<String, Long>) {
        val times = mutableMapOf(*times)
        val down = HashSet<String>()
        val asked = ArrayList<String>()
        val transport = FakeTransport { _, request ->
            val body = request.body!!.decodeToString()
            val model = listOf("a", "b", "c").first { "\"model\":\"$it\"" in body }
            asked += model
            delay((times.toMap()[model] ?: 0L).milliseconds)
            if (model in down) error(503) else used(1, 1, model, model)
        }
    }

    fun TestScope.routed(
        fleet: Fleet,
        strategy: Router.Strategy,
        more: KompletionBuilder.() -> Unit = {},
        configure: Router.Builder.() -> Unit = { deployments("a", "b", "c") },
    ): Kompletion = policyClient(fleet.transport) {
        router("all") {
            this.strategy = strategy
            configure()
        }
        more()
    }

    suspend fun Kompletion.ask(times: Int = 1) = repeat(times) { runCatching { chat(asked("all")) } }

    test("Router.name: is a model like any other, and outranks it") {
        runTest {
            val fleet = Fleet()
            val llm = policyClient(fleet.transport) { router("gpt-5") { deployments("a") } }
            llm.chat(asked("gpt-5")).content shouldBe "a"
        }
    }

    test("Router.strategy: ROUND_ROBIN takes one after the other") {
        runTest {
            val fleet = Fleet()
            routed(fleet, Router.Strategy.ROUND_ROBIN).ask(6)
            fleet.asked shouldBe listOf("a", "b", "c", "a", "b", "c")
        }
    }

    test("Router.strategy: ORDERED keeps the others for failures") {
        runTest {
            val fleet = Fleet()
            val llm = routed(fleet, Router.Strategy.ORDERED)
            llm.ask(2)
            fleet.down += "a"
            llm.ask(1)
            fleet.asked shouldBe listOf("a", "a", "a", "b")
        }
    }

    test("Router.strategy: RANDOM takes all of them about as often") {
        runTest {
            val fleet = Fleet()
            routed(fleet, Router.Strategy.RANDOM).ask(900)
            for (model in listOf("a", "b", "c")) fleet.asked.count { it == model }.toDouble() shouldBe (300.0 plusOrMinus 60.0)
        }
    }

    test("Router.Deployment.weight: WEIGHTED takes each as often as its weight says") {
        runTest {
            val fleet = Fleet()
            routed(fleet, Router.Strategy.WEIGHTED) {
                deployment("openai/a", 1.0)
                deployment("openai/b", 3.0)
            }.ask(1000)
            println("router: weights 1 and 3 gave ${fleet.asked.count { it == "a" }} and ${fleet.asked.count { it == "b" }}")
            fleet.asked.count { it == "b" }.toDouble() shouldBe (750.0 plusOrMinus 60.0)
        }
    }

    test("Router.strategy: LEAST_COST takes the cheapest, one without a price last") {
        runTest {
            val fleet = Fleet()
            val prices: KompletionBuilder.() -> Unit = {
                modelCatalog {
                    model("openai/a") { prices("5", "5") }
                    model("openai/b") { prices("1", "2") }
                }
            }
            val llm = policyClient(fleet.transport) {
                prices()
                router("all") {
                    strategy = Router.Strategy.LEAST_COST
                    deployments("a", "b", "c")
                }
            }
            // "c" costs a dollar a token in these tests, and is the dearest.
            llm.ask(1)
            fleet.down += "b"
            llm.ask(1)
            fleet.asked shouldBe listOf("b", "b", "a")
        }
    }

    test("Router.strategy: LOWEST_LATENCY tries each, keeps to the fastest, and failures count against") {
        runTest {
            val fleet = Fleet("a" to 500, "b" to 100, "c" to 300)
            val llm = routed(fleet, Router.Strategy.LOWEST_LATENCY)
            llm.ask(3)
            fleet.asked.toSet() shouldBe setOf("a", "b", "c")
            fleet.asked.clear()
            llm.ask(10)
            fleet.asked.toSet() shouldBe setOf("b")
            // It fails fast, which is no reason to ask it again.
            fleet.down += "b"
            fleet.asked.clear()
            llm.ask(10)
            fleet.asked.count { it == "b" } shouldBe 1 + fleet.asked.drop(1).count { it == "b" }
            fleet.asked.takeLast(5).toSet() shouldBe setOf("c")
        }
    }

    test("Router.strategy: LOWEST_LATENCY forgets what was slow long ago") {
        runTest {
            val fleet = Fleet("a" to 1000, "b" to 100)
            val llm = routed(fleet, Router.Strategy.LOWEST_LATENCY) { deployments("a", "b") }
            llm.ask(2)
            fleet.asked.clear()
            repeat(40) {
                llm.ask(1)
                delay(10.seconds)
            }
            fleet.asked.count { it == "a" } shouldBeGreaterThan 0
        }
    }

    test("Router.strategy: LOWEST_LATENCY does not send everybody to one that was never tried") {
        runTest {
            val fleet = Fleet("a" to 100, "b" to 5_000)
            val llm = routed(fleet, Router.Strategy.LOWEST_LATENCY) { deployments("a", "b") }
            llm.chat(asked("openai/a"))
            fleet.asked.clear()
            List(20) {
                async {
                    delay(10.milliseconds * it)
                    llm.chat(asked("all"))
                }
            }.awaitAll()
            (fleet.asked.count { it == "b" } < 12) shouldBe true
        }
    }

    test("Router.strategy: LEAST_BUSY takes the one with the fewest calls that run") {
        runTest {
            val fleet = Fleet("a" to 10_000, "b" to 1_000)
            val llm = routed(fleet, Router.Strategy.LEAST_BUSY) { deployments("a", "b") }
            repeat(12) {
                launch { llm.chat(asked("all")) }
                delay(500.milliseconds)
            }
            println("router: least busy sent ${fleet.asked.count { it == "a" }} to the slow one, ${fleet.asked.count { it == "b" }}")
            fleet.asked.count { it == "b" } shouldBeGreaterThan fleet.asked.count { it == "a" }
        }
    }

    test("Router.deployments: the others are fallbacks, then come the request's own") {
        runTest {
            val fleet = Fleet()
            fleet.down += listOf("a", "b")
            val llm = routed(fleet, Router.Strategy.ROUND_ROBIN) { deployments("a", "b") }
            llm.chat(asked("all") { fallback("openai/c") }).attempts.map { it.model } shouldBe listOf("a", "b", "c")
        }
    }

    test("Router.deployments, Router.Deployment.target: each has settings of its own, and no alias is one") {
        runTest {
            val keys = ArrayList<String?>()
            val transport = FakeTransport { _, request ->
                keys += request.headers["authorization"]
                used(1, 1)
            }
            val llm = policyClient(transport) {
                router("all") {
                    deployment("openai/a") { apiKey("k1") }
                    deployment("openai/a") { apiKey("k2") }
                }
            }
            repeat(3) { llm.chat(asked("all")) }
            keys shouldBe listOf("Bearer k1", "Bearer k2", "Bearer k1")
            shouldThrow<ConfigurationException> {
                Kompletion {
                    alias("x", "openai/a")
                    router("all") { deployment("x") }
                }
            }
            shouldThrow<ConfigurationException> {
                Kompletion {
                    alias("all", "openai/a")
                    router("all") { deployment("openai/a") }
                }
            }
        }
    }

    test("Router.sticky: a conversation stays where it was answered, by its id, its cache key or its beginning") {
        runTest {
            val fleet = Fleet()
            val llm = routed(fleet, Router.Strategy.ROUND_ROBIN) {
                deployments("a", "b", "c")
                sticky = true
            }
            val first = llm.chat(asked("all") { conversationId = "1" }).model
            llm.chat(asked("all") { conversationId = "2" }).model shouldBe "b"
            repeat(4) { llm.chat(asked("all") { conversationId = "1" }).model shouldBe first }
            val cached = llm.chat(asked("all") { promptCacheKey = "k" }).model
            repeat(4) { llm.chat(asked("all") { promptCacheKey = "k" }).model shouldBe cached }
            val begun = llm.chat(asked("all")).model
            repeat(4) { llm.chat(asked("all") { assistant("Hi").user("again") }).model shouldBe begun }
            fleet.down += first
            val moved = llm.chat(asked("all") { conversationId = "1" }).model
            fleet.down.clear()
            llm.chat(asked("all") { conversationId = "1" }).model shouldBe moved
        }
        runTest {
            val llm = routed(Fleet(), Router.Strategy.ROUND_ROBIN)
            List(3) { llm.chat(asked("all") { conversationId = "1" }).model } shouldBe listOf("a", "b", "c")
        }
    }

    test("Router.stickyFor: a conversation that is silent for longer is forgotten") {
        runTest {
            val llm = routed(Fleet(), Router.Strategy.ROUND_ROBIN) {
                deployments("a", "b")
                sticky = true
                stickyFor = Duration.ofMinutes(10)
            }
            suspend fun ask() = llm.chat(asked("all") { conversationId = "1" }).model
            ask() shouldBe "a"
            delay(9.minutes)
            ask() shouldBe "a"
            delay(1.hours)
            ask() shouldBe "a" // its turn again: the third call of two deployments
            llm.chat(asked("all"))
            delay(1.hours)
            ask() shouldBe "a"
        }
    }

    test("Router.stickyEntries: only so many conversations are remembered") {
        runTest {
            val llm = routed(Fleet(), Router.Strategy.ROUND_ROBIN) {
                deployments("a", "b")
                sticky = true
                stickyEntries = 1
            }
            suspend fun ask(id: String) = llm.chat(asked("all") { conversationId = id }).model
            ask("1") shouldBe "a"
            ask("1") shouldBe "a"
            ask("2") shouldBe "a"
            // "1" is forgotten, and this is the fourth call.
            ask("1") shouldBe "b"
        }
    }

    test("deployments that rest come last") {
        runTest {
            val fleet = Fleet()
            fleet.down += "a"
            val llm = routed(fleet, Router.Strategy.ROUND_ROBIN, { cooldown { failures = 1 } }) { deployments("a", "b") }
            llm.ask(1)
            fleet.asked.clear()
            llm.ask(4)
            fleet.asked.toSet() shouldBe setOf("b")
            llm.stats().getValue("all")[0].restsFor.shouldNotBeNull()
        }
    }

    test("stats() tell how the deployments do") {
        runTest {
            val fleet = Fleet("a" to 100, "b" to 300)
            val llm = routed(fleet, Router.Strategy.ROUND_ROBIN) {
                deployment("openai/a", 2.0)
                deployment("openai/b")
            }
            llm.stats().getValue("all").shouldBeEmpty()
            llm.ask(3)
            fleet.down += "b"
            llm.ask(1)
            val running = launch { llm.chat(asked("all")) }
            delay(50.milliseconds)
            val (a, b) = llm.stats().getValue("all")
            a.requests shouldBe 3
            a.errors shouldBe 0
            a.running shouldBe 1
            a.weight shouldBe 2.0
            a.averageLatency shouldBe Duration.ofMillis(100)
            b.requests shouldBe 2
            b.errors shouldBe 1
            b.errorRate shouldBe 0.5
            b.averageLatency shouldBe Duration.ofMillis(300)
            running.join()
            val stream = policyClient(FakeTransport { _, _ -> streamed("x") { delay(70.milliseconds) } }) {
                router("all") { deployments("a") }
            }
            stream.chatStream(asked("all")).collect { }
            stream.stats().getValue("all")[0].averageTimeToFirstChunk shouldBe Duration.ofMillis(70)
        }
    }

    test("what is the request's fault is no error of a deployment") {
        runTest {
            val llm = policyClient(FakeTransport { _, _ -> error(400) }) { router("all") { deployments("a") } }
            repeat(3) { runCatching { llm.chat(asked("all")) } }
            llm.stats().getValue("all").single().run { requests to errors } shouldBe (3L to 0L)
        }
    }

    test("whether deployments rest is asked of no more than it takes to find one that does not") {
        runTest {
            val state = memory()
            var asked = 0
            val counted = object : SharedState by state {
                override val cooldowns = object : CooldownStore by state.cooldowns {
                    override suspend fun restingFor(key: String): Duration? =
                        state.cooldowns.restingFor(key).also { asked++ }
                }
            }
            val llm = policyClient(FakeTransport { _, _ -> used(1, 1) }) {
                sharedState(counted)
                cooldown { }
                router("all") { deployments("a", "b", "c") }
            }
            llm.chat(asked("all"))
            asked shouldBe 1
        }
    }

    test("a failure of the request itself goes to no other deployment") {
        runTest {
            val transport = FakeTransport { _, _ -> error(400) }
            val llm = policyClient(transport) { router("all") { deployments("a", "b") } }
            shouldThrow<KompletionException> { llm.chat(asked("all")) }
            transport.requests.size shouldBe 1
        }
    }
})

private fun Router.Builder.deployments(vararg names: String) = names.forEach { deployment("openai/$it") }
