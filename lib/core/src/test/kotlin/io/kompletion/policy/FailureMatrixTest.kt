package io.kompletion.policy

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.OnInterruption
import io.kompletion.chat.StreamOptions
import io.kompletion.error.TimeoutException
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.error
import io.kompletion.listen.CallEvent
import io.kompletion.store.BudgetAccount
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

/**
 * Every policy, alone and all together, against every end of a call: nothing stays set aside, taken, open or running.
 */
@OptIn(ExperimentalCoroutinesApi::class)
class FailureMatrixTest : FunSpec({
    val policies = linkedMapOf<String, KompletionBuilder.() -> Unit>(
        "retry" to { retry { enabled = true } },
        "rate limit" to {
            rateLimit {
                requests = 1_000
                tokens = 1_000_000
            }
        },
        "concurrency" to { concurrencyLimit { maxConcurrent = 1 } },
        "cooldown" to {
            cooldown {
                failures = 1
                rest = Duration.ofMillis(1)
                maxRest = Duration.ofMillis(1)
            }
        },
        "budget" to { budget { global = 1_000_000.usd } },
        "soft budget" to {
            budget {
                name = "soft"
                global = 1.usd
                enforcement = Budget.Enforcement.SOFT
            }
        },
        "hedge" to { hedge { delay = Duration.ofSeconds(2) } },
        "router" to { router("all") { deployment("openai/a") } },
        "interceptor" to { interceptor(object : CallInterceptor {}) },
        "cache" to { cache { } },
    )
    val all: KompletionBuilder.() -> Unit = { policies.values.forEach { it() } }
    val cases = policies + ("all together" to all)

    /** How a server behaves, and whether the caller stays until the end. */
    class End(val reply: () -> FakeResponse, val limit: Duration? = null, val cancelAfter: Int? = null)

    val slow: suspend (Int) -> Unit = { if (it > 0) delay(10.seconds) }
    val ends = linkedMapOf(
        "success" to End({ streamed("a", "b") }),
        "error before the first chunk" to End({ error(503) }),
        "error of the request" to End({ error(400) }),
        "error after the first chunk" to End({ FakeResponse(200, listOf(piece("a"))) }),
        "cancel before the first chunk" to End({ streamed("a") { delay(10.seconds) } }, cancelAfter = 1),
        "cancel after the first chunk" to End({ streamed("a", "b", before = slow) }, cancelAfter = 1),
        "timeout before the first chunk" to End({ streamed("a") { delay(10.seconds) } }, Duration.ofSeconds(1)),
        "timeout after the first chunk" to End({ streamed("a", "b", before = slow) }, Duration.ofSeconds(1)),
    )
    val passed = AtomicInteger()
    var run = 0

    for ((policy, configure) in cases) {
        for ((name, end) in ends) {
            for (mending in listOf(OnInterruption.FAIL, OnInterruption.RESTART)) {
                test("$policy, $name${if (mending == OnInterruption.RESTART) ", restarting" else ""}") {
                    runTest {
                        run++
                        settles(policy, end.reply, end.limit, end.cancelAfter, mending, configure)
                        passed.incrementAndGet()
                    }
                }
            }
        }
    }

    afterSpec {
        println(
            "failure matrix: ${cases.size} policies, in $passed of $run cells nothing set aside, no place taken, " +
                "no socket open",
        )
    }
})

@OptIn(ExperimentalCoroutinesApi::class)
private suspend fun TestScope.settles(
    policy: String,
    reply: () -> FakeResponse,
    limit: Duration?,
    cancelAfter: Int?,
    mending: OnInterruption,
    configure: KompletionBuilder.() -> Unit,
) {
    val state = memory()
    var isOver = false
    val transport = FakeTransport { _, _ -> if (isOver) used(1, 1) else reply() }
    val events = ArrayList<CallEvent>()
    val llm = policyClient(transport) {
        sharedState(state)
        listener { events += it }
        configure()
    }
    val request = asked(if (policy == "router" || policy == "all together") "all" else "openai/a") { timeout = limit }
    val options = StreamOptions { onInterruption = mending }
    val call = launch {
        try {
            llm.chatStream(request, options).collect()
        } catch (e: io.kompletion.error.KompletionException) {
            if (limit != null) withClue(e) { (e is TimeoutException) shouldBe true }
        }
    }
    if (cancelAfter == null) {
        call.join()
    } else {
        delay(cancelAfter.seconds)
        call.cancelAndJoin()
    }
    for (name in listOf("default global", "soft global")) {
        withClue("set aside in $name") { state.budgets.balance(BudgetAccount(name, null, null)).reserved shouldBe 0 }
    }
    withClue("open responses") { transport.responses.count { !it.isClosed } shouldBe 0 }
    events.count { it is CallEvent.Started } shouldBe 1
    events.count { it is CallEvent.Finished } shouldBe 1
    isOver = true
    withClue("places") { freePlaces(llm) shouldBe true }
    llm.close()
}

/** Whether another call finds a place at once: with one place in all, any that was kept would hold it up. */
@OptIn(ExperimentalCoroutinesApi::class)
private suspend fun TestScope.freePlaces(llm: Kompletion): Boolean {
    delay(60.seconds)
    val before = testScheduler.currentTime
    val probe = launch { runCatching { llm.chat(asked("openai/b") { maxCompletionTokens = 1 }) } }
    delay(20.seconds)
    val done = probe.isCompleted
    probe.cancelAndJoin()
    return done && testScheduler.currentTime - before == 20_000L
}
