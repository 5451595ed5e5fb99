package io.kompletion.policy

import io.kompletion.Kompletion
import io.kompletion.error.AuthenticationException
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.OverloadedException
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.error
import io.kompletion.listen.CallEvent
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The effect of every field of [Cooldown], in virtual time. */
@OptIn(ExperimentalCoroutinesApi::class)
class CooldownTest : FunSpec({
    class Server(var reply: () -> FakeResponse = { error(503) }) {
        val transport = FakeTransport { _, _ -> reply() }
        val sent get() = transport.requests.size
    }

    fun TestScope.resting(server: Server, configure: Cooldown.Builder.() -> Unit): Kompletion =
        policyClient(server.transport) { cooldown(configure) }

    suspend fun Kompletion.tries(times: Int) = repeat(times) { runCatching { chat(asked("openai/a")) } }

    test("Cooldown.failures: so many in a row let a target rest, and nothing is sent until it is over") {
        runTest {
            val server = Server()
            val llm = resting(server) { failures = 3 }
            llm.tries(2)
            server.reply = { used(1, 1) }
            llm.tries(1)
            server.reply = { error(503) }
            llm.tries(10)
            server.sent shouldBe 6
            val failure = shouldThrow<OverloadedException> { llm.chat(asked("openai/a")) }
            failure.code shouldBe "local.cooldown"
            failure.retryAfter shouldBe Duration.ofSeconds(30)
        }
    }

    test("Cooldown.failureRate: a share of failures lets a target rest that never fails often in a row") {
        for (rate in listOf(0.5, null)) {
            runTest {
                var n = 0
                val server = Server { if (n++ % 2 == 0) used(1, 1) else error(503) }
                val llm = resting(server) {
                    failureRate = rate
                    minimumCalls = 4
                }
                llm.tries(20)
                server.sent shouldBe if (rate == null) 20 else 4
            }
        }
    }

    test("Cooldown.minimumCalls: before so many the share means nothing") {
        runTest {
            val server = Server()
            val llm = resting(server) {
                failures = 100
                failureRate = 0.1
                minimumCalls = 7
            }
            llm.tries(20)
            server.sent shouldBe 7
        }
    }

    test("Cooldown.window: older calls are not counted in the share") {
        runTest {
            val server = Server()
            val llm = resting(server) {
                failures = 100
                failureRate = 0.5
                minimumCalls = 4
                window = Duration.ofSeconds(10)
            }
            repeat(6) {
                llm.tries(1)
                delay(6.seconds)
            }
            server.sent shouldBe 6
        }
    }

    test("Cooldown.rest: is how long the first rest takes") {
        runTest {
            val server = Server()
            val llm = resting(server) {
                failures = 1
                rest = Duration.ofSeconds(3)
            }
            llm.tries(1)
            delay(2.seconds)
            llm.tries(1)
            server.sent shouldBe 1
            delay(1.seconds)
            llm.tries(1)
            server.sent shouldBe 2
        }
    }

    test("Cooldown.maxRest: bounds the rest that doubles with every probe that fails") {
        runTest {
            val server = Server()
            val llm = resting(server) {
                failures = 1
                rest = Duration.ofSeconds(10)
                maxRest = Duration.ofSeconds(30)
            }
            val at = ArrayList<Long>()
            while (currentTime < 150_000) {
                val before = server.sent
                llm.tries(1)
                if (server.sent > before) at += currentTime
                delay(1.seconds)
            }
            at.zipWithNext { a, b -> b - a } shouldBe listOf(10_000L, 20_000L, 30_000L, 30_000L, 30_000L)
        }
    }

    test("Cooldown.probes: so many find out at once whether a target is well again") {
        for (probes in listOf(1, 3)) {
            runTest {
                val server = Server()
                val llm = policyClient(
                    FakeTransport { _, request ->
                        delay(1.seconds)
                        server.transport.open(request)
                    },
                ) {
                    cooldown {
                        failures = 1
                        this.probes = probes
                    }
                }
                llm.tries(1)
                delay(30.seconds)
                server.reply = { used(1, 1) }
                val before = server.sent
                List(10) { async { runCatching { llm.chat(asked("openai/a")) } } }.forEach { it.await() }
                server.sent - before shouldBe probes
                llm.chat(asked("openai/a"))
            }
        }
    }

    test("Cooldown.restOnRateLimit: a 429 that says when lets the target rest until then") {
        for (rests in listOf(true, false)) {
            runTest {
                val server = Server { error(429, "retry-after", "20") }
                val llm = resting(server) { restOnRateLimit = rests }
                llm.tries(2)
                server.sent shouldBe if (rests) 1 else 2
                if (rests) {
                    shouldThrow<OverloadedException> { llm.chat(asked("openai/a")) }.retryAfter shouldBe Duration.ofSeconds(20)
                }
            }
        }
    }

    test("a key that is refused rests at once, its neighbour serves") {
        runTest {
            val transport = FakeTransport { _, request ->
                if (request.headers["authorization"] == "Bearer bad") error(401) else used(1, 1)
            }
            val llm = policyClient(transport) { cooldown { } }
            shouldThrow<AuthenticationException> { llm.chat(asked("openai/a") { apiKey("bad") }) }
            shouldThrow<OverloadedException> { llm.chat(asked("openai/a") { apiKey("bad") }) }
            llm.chat(asked("openai/a") { apiKey("good") })
        }
    }

    test("errors of the request are answers like any other, and cancelled calls count for nothing") {
        runTest {
            val server = Server { error(400) }
            val llm = resting(server) { failures = 2 }
            repeat(5) { shouldThrow<InvalidRequestException> { llm.chat(asked("openai/a")) } }
            server.reply = { used(1, 1) { delay(10.seconds) } }
            repeat(5) {
                val call = launch { llm.chat(asked("openai/a")) }
                delay(1.seconds)
                call.cancel()
            }
            llm.chat(asked("openai/a"))
            server.sent shouldBe 11
        }
    }

    test("a cancelled probe frees its place") {
        runTest {
            val server = Server()
            val llm = resting(server) { failures = 1 }
            llm.tries(1)
            delay(30.seconds)
            server.reply = { used(1, 1) { delay(10.seconds) } }
            val probe = launch { llm.chat(asked("openai/a")) }
            delay(1.seconds)
            probe.cancel()
            llm.chat(asked("openai/a"))
        }
    }

    test("a target that rests is passed over, and its own repeats end") {
        runTest {
            val transport = FakeTransport { _, request ->
                if (request.body.decodeToString().contains("\"a\"")) error(503) else used(1, 1)
            }
            val llm = policyClient(transport) {
                cooldown { failures = 2 }
                retry {
                    enabled = true
                    maxRetries = 5
                }
            }
            val answer = llm.chat(asked("openai/a") { fallback("openai/b") })
            answer.attempts.map { it.code ?: it.status } shouldBe listOf(503, 503, "local.cooldown", 200)
            llm.chat(asked("openai/a") { fallback("openai/b") }).attempts.map { it.code ?: it.status } shouldBe
                listOf("local.cooldown", 200)
        }
    }

    test("listeners hear of rest and recovery") {
        runTest {
            val events = ArrayList<CallEvent>()
            val server = Server()
            val llm = policyClient(server.transport) {
                cooldown { failures = 1 }
                listener { events += it }
            }
            llm.tries(1)
            events.only<CallEvent.TargetRests>().single().duration shouldBe Duration.ofSeconds(30)
            delay(30.seconds)
            server.reply = { used(1, 1) }
            llm.tries(1)
            events.only<CallEvent.TargetRecovered>() shouldHaveSize 1
        }
    }
})
