package io.kompletion.policy

import io.kompletion.Kompletion
import io.kompletion.error.BudgetExceededException
import io.kompletion.error.StateUnavailableException
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.delta
import io.kompletion.internal.call.error
import io.kompletion.internal.call.whole
import io.kompletion.internal.state.MemoryState
import io.kompletion.listen.CallEvent
import io.kompletion.store.BudgetAccount
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeInRange
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.math.BigDecimal
import java.time.Duration
import kotlin.random.Random
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The effect of every field of [Budget]: a token read costs a dollar, one written two. */
@OptIn(ExperimentalCoroutinesApi::class)
class BudgetTest : FunSpec({
    /** One call reserves at most some twenty dollars for its input and [output] × 2, and costs 10 + 2 × 5. */
    fun TestScope.client(
        state: MemoryState = memory(),
        reply: suspend () -> FakeResponse = { used(10, 5) },
        events: MutableList<CallEvent> = ArrayList(),
        configure: Budget.Builder.() -> Unit,
    ): Kompletion = policyClient(FakeTransport { _, _ -> reply() }) {
        sharedState(state)
        budget(configure)
        listener { events += it }
    }

    fun short(model: String = "openai/a", tenant: String? = null, user: String? = null) = asked(model) {
        maxCompletionTokens = 5
        this.tenant = tenant
        endUser = user
    }

    suspend fun Kompletion.served(vararg requests: io.kompletion.chat.ChatCompletionRequest): List<Boolean> = requests.map {
        try {
            chat(it)
            true
        } catch (_: BudgetExceededException) {
            false
        }
    }

    test("Budget.global: is never passed, and what is left is used") {
        runTest {
            val state = memory()
            val llm = client(state) { global = 70.usd }
            llm.served(short(), short("openai/b"), short(), short()) shouldBe listOf(true, true, false, false)
            state.spent("default global") shouldBe 40
            val failure = shouldThrow<BudgetExceededException> { llm.chat(short()) }
            failure.code shouldBe "local.budget"
            failure.message.orEmpty() shouldContain "$40 of $70 are spent"
        }
    }

    test("Budget.perModel, Budget.models: each model has a limit, and single ones another") {
        runTest {
            val llm = client {
                perModel = 50.usd
                model("openai/b", 85.usd)
            }
            llm.served(short("openai/a"), short("openai/a")) shouldBe listOf(true, false)
            llm.served(*Array(4) { short("openai/b") }) shouldBe listOf(true, true, true, false)
        }
    }

    test("Budget.perProvider: models of one provider share it") {
        runTest {
            val llm = client { perProvider = 50.usd }
            llm.served(short("openai/a"), short("openai/b")) shouldBe listOf(true, false)
        }
    }

    test("Budget.perKey: goes by the key") {
        runTest {
            val llm = client { perKey = 50.usd }
            val own = short().toBuilder().apiKey("sk-own").build()
            llm.served(short(), short(), own, own) shouldBe listOf(true, false, true, false)
        }
    }

    test("Budget.perUser, Budget.users: each user has a limit, and single ones another") {
        runTest {
            val llm = client {
                perUser = 50.usd
                user("rich", 60.usd)
            }
            llm.served(short(user = "x"), short(user = "x"), short(user = "y")) shouldBe listOf(true, false, true)
            llm.served(*Array(3) { short(user = "rich") }) shouldBe listOf(true, true, false)
        }
    }

    test("Budget.perTenant, Budget.tenants: each tenant has a limit, and single ones another") {
        runTest {
            val llm = client {
                perTenant = 50.usd
                tenant("rich", 60.usd)
            }
            llm.served(short(tenant = "x"), short(tenant = "x"), short(tenant = "y")) shouldBe listOf(true, false, true)
            llm.served(*Array(3) { short(tenant = "rich") }) shouldBe listOf(true, true, false)
        }
    }

    test("Budget.models: a name without a provider is refused, for it would be nobody's") {
        shouldThrow<IllegalArgumentException> { Budget.builder().model("gpt-5", 1.usd).build() }.message.orEmpty() shouldContain "provider/model"
    }

    test("Budget.window: starts anew, and the refusal says when") {
        runTest {
            val llm = client {
                global = 50.usd
                window = Duration.ofHours(1)
            }
            llm.chat(short())
            delay(10.seconds)
            shouldThrow<BudgetExceededException> { llm.chat(short()) }.retryAfter shouldBe Duration.ofSeconds(3590)
            delay(1.hours)
            llm.chat(short())
        }
    }

    test("Budget.name, KompletionBuilder.budget: budgets of other names have other purses, and two of one name are refused") {
        runTest {
            val state = memory()
            val llm = policyClient(FakeTransport { _, _ -> used(10, 5) }) {
                sharedState(state)
                budget {
                    name = "day"
                    global = 50.usd
                    window = Duration.ofDays(1)
                }
                budget {
                    name = "month"
                    global = 500.usd
                }
            }
            llm.served(short(), short()) shouldBe listOf(true, false)
            state.spent("day global", Duration.ofDays(1)) shouldBe 20
            state.spent("month global") shouldBe 20
            state.reserved("month global") shouldBe 0
            shouldThrow<io.kompletion.error.ConfigurationException> {
                Kompletion {
                    budget { global = 1.usd }
                    budget { global = 2.usd }
                }
            }
        }
    }

    test("Budget.enforcement: SOFT lets everything through, with a warning and an event past the limit") {
        runTest {
            val events = ArrayList<CallEvent>()
            val llm = client(events = events) {
                global = 30.usd
                enforcement = Budget.Enforcement.SOFT
            }
            llm.chat(short()).warnings shouldHaveSize 0
            val warning = llm.chat(short()).warnings.single()
            warning.parameter shouldBe "budget"
            warning.message shouldContain "default: global of $30 is passed: $40"
            val event = events.only<CallEvent.BudgetExceeded>().single()
            event.isRefused shouldBe false
            event.spent shouldBe BigDecimal(40)
        }
    }

    test("Budget.unknownPrice: rejects, warns or allows") {
        for (mode in listOf(null) + Budget.UnknownPrice.entries) {
            runTest {
                val llm = client(reply = { used(10, 5, model = "nobody-knows") }) {
                    global = 50.usd
                    unknownPrice = mode
                }
                val outcome = runCatching { llm.chat(asked("openai/nobody-knows") { maxCompletionTokens = 5 }) }
                when (mode) {
                    null, Budget.UnknownPrice.REJECT ->
                        shouldThrow<BudgetExceededException> { outcome.getOrThrow() }.code shouldBe "local.unknown_price"

                    Budget.UnknownPrice.WARN -> outcome.getOrThrow().warnings.single().parameter shouldBe "budget"

                    Budget.UnknownPrice.ALLOW -> outcome.getOrThrow().warnings shouldHaveSize 0
                }
            }
        }
        runTest {
            val soft = client(reply = { used(10, 5, model = "nobody-knows") }) {
                global = 50.usd
                enforcement = Budget.Enforcement.SOFT
            }
            soft.chat(asked("openai/nobody-knows")).warnings.single().message shouldContain "no price"
        }
    }

    test("Budget.whenBroken: nothing, what was received, or all that was set aside") {
        val charged = Budget.WhenBroken.entries.associateWith { mode ->
            var spent = -1L
            runTest {
                val state = memory()
                val llm = client(state, { FakeResponse(200, listOf(delta("four tokens and more"))) }) {
                    global = 1000.usd
                    whenBroken = mode
                }
                runCatching { llm.chatStream(asked("openai/a") { maxCompletionTokens = 100 }).toList() }.isFailure shouldBe true
                spent = state.spent("default global")
                state.reserved("default global") shouldBe 0
            }
            spent
        }
        println("budget: a broken answer is charged $charged")
        charged.getValue(Budget.WhenBroken.NOTHING) shouldBe 0
        charged.getValue(Budget.WhenBroken.RECEIVED) shouldBe 18
        charged.getValue(Budget.WhenBroken.RESERVED) shouldBeGreaterThan 200
    }

    test("Budget.whenUnavailable: a hard budget refuses, a soft one goes on, unless it says otherwise") {
        suspend fun TestScope.goesOn(hard: Boolean, mode: WhenUnavailable?): Boolean {
            val llm = policyClient(FakeTransport { _, _ -> used(1, 1) }) {
                sharedState(Away)
                budget {
                    global = 50.usd
                    enforcement = if (hard) Budget.Enforcement.HARD else Budget.Enforcement.SOFT
                    whenUnavailable = mode
                }
            }
            return try {
                llm.chat(short())
                true
            } catch (_: StateUnavailableException) {
                false
            }
        }
        runTest {
            goesOn(true, null) shouldBe false
            goesOn(true, WhenUnavailable.ALLOW) shouldBe true
            goesOn(false, null) shouldBe true
            goesOn(false, WhenUnavailable.REFUSE) shouldBe false
        }
    }

    test("an error of the provider costs nothing, and a cheaper fallback may still serve") {
        runTest {
            val state = memory()
            val llm = client(state, { error(503) }) { global = 50.usd }
            runCatching { llm.chat(short()) }
            state.spent("default global") shouldBe 0
            state.reserved("default global") shouldBe 0
            val cheap = policyClient(FakeTransport { _, _ -> used(1, 1) }) {
                budget { global = 10.usd }
                modelCatalog { model("openai/c") { prices("0.1", "0.1").contextTokens(1_000).maxOutputTokens(10) } }
            }
            val answer = cheap.chat(asked("openai/a") { fallback("openai/c") })
            answer.attempts.map { it.code } shouldBe listOf("local.budget", null)
            shouldThrow<BudgetExceededException> { cheap.chat(asked("openai/a") { fallback("openai/b") }) }
        }
    }

    test("an answer without usage is charged what was set aside") {
        runTest {
            val state = memory()
            val llm = client(state, { whole("there") }) { global = 1000.usd }
            llm.chat(short())
            state.spent("default global") shouldBeGreaterThan 10
            state.reserved("default global") shouldBe 0
        }
    }

    test("a stream is charged before its last chunk is handed over") {
        runTest {
            val state = memory()
            val llm = client(state, { streamed("a", "b") }) { global = 100.usd }
            val seen = ArrayList<Long>()
            llm.chatStream(short()).collect { if (it.type == "response") seen += state.spent("default global") }
            seen shouldBe listOf(3L)
        }
    }

    test("a thousand calls at once, half of them cancelled, use the limit up, pass it by nothing and leave nothing set aside") {
        runTest {
            val state = memory()
            var served = 0L
            val random = Random(3)
            val llm = client(state, {
                delay(random.nextLong(1, 50).milliseconds)
                used(10, 5).also { served += 20 }
            }) { global = 2_000.usd }
            // All of them want at the same moment, and who is refused while money is set aside comes again.
            val calls = List(1_000) {
                launch {
                    repeat(100) {
                        if (llm.served(short()).single()) return@launch
                        delay(random.nextLong(1, 50).milliseconds)
                    }
                }
            }
            delay(40.milliseconds)
            calls.forEachIndexed { i, call -> if (i % 2 == 0) call.cancel() }
            calls.forEach { it.join() }
            val spent = state.spent("default global")
            val reserved = state.reserved("default global")
            println(
                "budget race: 1000 calls, 500 cancelled, limit 2000, spent $spent, overspent ${maxOf(0, spent - 2000)}, " +
                    "set aside $reserved",
            )
            // No call that could cost 31 has room in what is left.
            spent shouldBeInRange 1_970L..2_000L
            served shouldBeLessThanOrEqual 2_000
            reserved shouldBe 0
        }
    }
})

@OptIn(ExperimentalCoroutinesApi::class)
internal fun TestScope.memory() = MemoryState({ testScheduler.currentTime * 1_000_000 }, { testScheduler.currentTime })

private suspend fun MemoryState.balance(key: String, window: Duration?) = budgets.balance(BudgetAccount(key, null, window))

/** In dollars. */
private suspend fun MemoryState.spent(key: String, window: Duration? = null) = balance(key, window).spent / 1_000_000_000

private suspend fun MemoryState.reserved(key: String) = balance(key, null).reserved
