package io.kompletion

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.error.ConfigurationException
import io.kompletion.error.OverloadedException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.StateUnavailableException
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.error
import io.kompletion.policy.Away
import io.kompletion.policy.CallContext
import io.kompletion.policy.CallInterceptor
import io.kompletion.policy.LimitScope
import io.kompletion.policy.Router
import io.kompletion.policy.WhenExceeded
import io.kompletion.policy.WhenUnavailable
import io.kompletion.policy.asked
import io.kompletion.policy.policyClient
import io.kompletion.policy.streamed
import io.kompletion.policy.text
import io.kompletion.policy.used
import io.kompletion.store.SharedState
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempfile
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runTest
import java.time.Duration
import kotlin.time.Duration.Companion.seconds

/** What the settings of a client do that have no fields of their own. */
@OptIn(ExperimentalCoroutinesApi::class)
class KompletionBuilderTest : FunSpec({
    fun FakeTransport.models(): List<String> =
        requests.map { checkNotNull(it.body).decodeToString().substringAfter("\"model\":\"").substringBefore('"') }

    test("KompletionBuilder.alias: a name of one's own means its targets, in their order") {
        runTest {
            val transport = FakeTransport { n, _ -> if (n == 1) error(503) else used(1, 1) }
            policyClient(transport) { alias("fast", "openai/a", "openai/b") }.chat(asked("fast"))
            transport.models() shouldBe listOf("a", "b")
        }
    }

    test("KompletionBuilder.configuration, KompletionBuilder.configurationFile: the later setting wins") {
        runTest {
            val json = """{"aliases": {"fast": "openai/b"}}"""
            val file = tempfile("kompletion", ".json").apply { writeText(json) }
            for (configure in listOf<KompletionBuilder.() -> Unit>({ configuration(json) }, { configurationFile(file.toPath()) })) {
                val transport = FakeTransport { _, _ -> used(1, 1) }
                policyClient(transport) {
                    alias("fast", "openai/a")
                    configure()
                }.chat(asked("fast"))
                policyClient(transport) {
                    configure()
                    alias("fast", "openai/a")
                }.chat(asked("fast"))
                transport.models() shouldBe listOf("b", "a")
            }
        }
    }

    test("KompletionBuilder.concurrencyLimit: several hold together") {
        runTest {
            val llm = policyClient(FakeTransport { _, _ -> awaitCancellation() }) {
                concurrencyLimit {
                    maxConcurrent = 1
                    per = LimitScope.MODEL
                    whenExceeded = WhenExceeded.FAIL
                }
                concurrencyLimit {
                    maxConcurrent = 2
                    whenExceeded = WhenExceeded.FAIL
                }
            }
            val calls = listOf("openai/a", "openai/b").map { launch { llm.chat(asked(it)) } }
            delay(1.seconds)
            shouldThrow<RateLimitedException> { llm.chat(asked("openai/a")) }.message.orEmpty() shouldContain "1 at once per model openai/a"
            shouldThrow<RateLimitedException> { llm.chat(asked("openai/c")) }.message.orEmpty() shouldContain "2 at once per provider openai"
            calls.forEach { it.cancel() }
        }
    }

    test("KompletionBuilder.cooldown: is off unless set, and null switches it off") {
        for ((configure, rests) in listOf<Pair<KompletionBuilder.() -> Unit, Boolean>>(
            Pair({ }, false),
            Pair({ cooldown { failures = 1 } }, true),
            Pair(
                {
                    cooldown { failures = 1 }
                    cooldown(null)
                },
                false,
            ),
        )) {
            runTest {
                val llm = policyClient(FakeTransport { n, _ -> if (n == 1) error(503) else used(1, 1) }, configure)
                runCatching { llm.chat(asked("openai/a")) }
                val second = runCatching { llm.chat(asked("openai/a")) }.exceptionOrNull()
                (second is OverloadedException && second.code == "local.cooldown") shouldBe rests
            }
        }
    }

    test("KompletionBuilder.hedge: is off unless set, and null switches it off") {
        for ((configure, asked) in listOf<Pair<KompletionBuilder.() -> Unit, Int>>(
            Pair({ }, 1),
            Pair({ hedge { } }, 2),
            Pair(
                {
                    hedge { delay = Duration.ofSeconds(2) }
                    hedge(null)
                },
                1,
            ),
        )) {
            runTest {
                val transport = FakeTransport { n, _ ->
                    delay((10 / n).seconds)
                    streamed("answer $n")
                }
                text(policyClient(transport, configure).chatStream(asked("openai/a")).toList()) shouldBe "answer $asked"
                transport.requests.size shouldBe asked
            }
        }
    }

    test("KompletionBuilder.router: the later one of a name takes the place of the earlier") {
        runTest {
            val transport = FakeTransport { _, _ -> used(1, 1) }
            val llm = policyClient(transport) {
                router("fast") { deployment("openai/a") }
                router(Router.builder("fast").deployment("openai/b").build())
                router("other") { deployment("openai/c") }
            }
            llm.chat(asked("fast"))
            llm.chat(asked("other"))
            transport.models() shouldBe listOf("b", "c")
        }
    }

    test("KompletionBuilder.interceptor: they work in the order in which they were added") {
        runTest {
            fun naming(word: String) = object : CallInterceptor {
                override suspend fun before(call: CallContext, request: ChatCompletionRequest) =
                    request.toBuilder().user(word).build()
            }
            val transport = FakeTransport { _, _ -> used(1, 1) }
            policyClient(transport) {
                interceptor(naming("first"))
                interceptor(naming("second"))
            }.chat(asked("openai/a"))
            checkNotNull(transport.requests.single().body).decodeToString() shouldContain Regex("Hello.*first.*second")
        }
    }

    test("KompletionBuilder.sharedState: is what policies ask, and is not closed with the client") {
        runTest {
            var closed = 0
            val state = object : SharedState by Away {
                override fun close() {
                    closed++
                }
            }
            val llm = policyClient(FakeTransport { _, _ -> used(1, 1) }) {
                sharedState(state)
                rateLimit {
                    requests = 1
                    whenUnavailable = WhenUnavailable.REFUSE
                }
            }
            shouldThrow<StateUnavailableException> { llm.chat(asked("openai/a")) }
            llm.close()
            closed shouldBe 0
            val failure = shouldThrow<ConfigurationException> {
                policyClient(FakeTransport { _, _ -> used(1, 1) }) {
                    sharedState("nowhere://user:CANARY@host")
                    rateLimit { requests = 1 }
                }
            }
            failure.message.orEmpty() shouldContain "nowhere://…"
            ("CANARY" in failure.message.orEmpty()) shouldBe false
        }
    }

    test("KompletionBuilder.listener: each is told, in the order in which they were added") {
        runTest {
            val heard = ArrayList<String>()
            policyClient(FakeTransport { _, _ -> used(1, 1) }) {
                listener { heard += "one ${it.javaClass.simpleName}" }
                listener { heard += "two ${it.javaClass.simpleName}" }
            }.chat(asked("openai/a"))
            heard.take(2) shouldBe listOf("one Started", "two Started")
        }
    }

    test("KompletionBuilder.modelCatalog: prices answers") {
        runTest {
            val llm = policyClient(FakeTransport { _, _ -> used(10, 5) }) { modelCatalog { model("openai/a") { prices("1", "1") } } }
            llm.chat(asked("openai/a")).cost?.total?.toPlainString() shouldBe "0.000015"
            llm.modelInfo("openai/a")?.contextTokens shouldBe null
        }
    }
})
