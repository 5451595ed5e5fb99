package io.kompletion

import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.FallbackRequest
import io.kompletion.chat.UserMessage
import io.kompletion.error.ConfigurationException
import io.kompletion.error.KompletionException
import io.kompletion.error.TimeoutException
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.internal.call.DONE
import io.kompletion.internal.call.FINISH
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.delta
import io.kompletion.internal.call.error
import io.kompletion.internal.call.whole
import io.kompletion.policy.Timeouts
import io.kompletion.provider.Auth
import io.kompletion.providers.anthropic.AnthropicOptions
import io.kompletion.providers.openai.OpenAiOptions
import io.kompletion.transport.ProxySettings
import io.kompletion.transport.TransportSettings
import io.kompletion.transport.WireRequest
import io.kompletion.transport.ktor.KtorTransportFactory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.time.Duration
import kotlin.random.Random

/** What the transport is asked to send when a client is set up like this. */
private suspend fun sent(model: String = "openai/gpt-4o", configure: KompletionBuilder.() -> Unit): WireRequest {
    val transport = FakeTransport { _, _ -> whole("ok") }
    Kompletion {
        environment(mapOf("OPENAI_API_KEY" to "sk-env"))
        transport(transport)
        configure()
    }.chat(model) { user("Hello") }
    return transport.requests.single()
}

/** Every setting of a client has an effect that can be seen. */
@OptIn(ExperimentalCoroutinesApi::class)
class ConfigurationTest : FunSpec({
    context("providers") {
        test("KompletionBuilder.apiKey: goes along") { sent { apiKey("openai", "sk-own") }.headers["authorization"] shouldBe "Bearer sk-own" }
        test("KompletionBuilder.provider: has settings of its own, e.g. a base URL") { sent { provider("openai") { baseUrl = "https://proxy.example/v9/" } }.url shouldBe "https://proxy.example/v9/chat/completions" }
        test("auth") {
            val request = sent { provider("openai") { auth = Auth.header("x-api-key") } }
            request.headers["x-api-key"] shouldBe "sk-env"
            request.headers["authorization"].shouldBeNull()
            sent { provider("openai") { auth = Auth.NONE } }.headers["authorization"].shouldBeNull()
        }
        test("accessToken") {
            val request = sent { provider("openai") { accessToken { Secret("token-1") } } }
            request.headers["authorization"] shouldBe "Bearer token-1"
            sent {
                provider("openai") {
                    accessToken { Secret("token-1") }
                    accessToken(null)
                }
            }.headers["authorization"] shouldBe "Bearer sk-env"
        }
        test("allowInsecure") {
            shouldThrow<ConfigurationException> { sent { provider("openai") { baseUrl = "http://example.com" } } }
            sent {
                provider("openai") {
                    baseUrl = "http://example.com"
                    allowInsecure = true
                }
            }.url shouldContain "http://example.com"
        }
        test("organization and project") {
            val request = sent {
                provider("openai") {
                    organization = "org-1"
                    project = "proj-1"
                }
            }
            request.headers["openai-organization"] shouldBe "org-1"
            request.headers["openai-project"] shouldBe "proj-1"
        }
        test("header") { sent { provider("openai") { header("X-Team", "voice") } }.headers["x-team"] shouldBe "voice" }
        test("options") {
            fun body(request: WireRequest) = checkNotNull(request.body).decodeToString()
            body(sent { provider("openai") { options("""{"verbosity":"low"}""") } }) shouldContain "\"verbosity\":\"low\""
            val transport = FakeTransport { _, _ -> whole("ok") }
            Kompletion {
                environment(emptyMap())
                transport(transport)
                provider("openai") {
                    apiKey("k")
                    options(
                        OpenAiOptions {
                            verbosity = "low"
                            store = true
                        },
                    )
                }
            }.chat("openai/gpt-5") {
                user("Hi")
                options(OpenAiOptions { verbosity = "high" })
            }
            body(transport.requests.single()) shouldContain "\"verbosity\":\"high\",\"store\":true"
            shouldThrow<ConfigurationException> { sent { provider("own") { options(AnthropicOptions { topK = 3 }) } } }
        }
        test("modelPrefixes") {
            sent("my-model") {
                provider("gpu-1") {
                    baseUrl = "http://gpu-1:8000/v1"
                    modelPrefixes += "my-"
                }
            }.url shouldContain "gpu-1:8000"
        }
        test("a setting that the provider does not have is an error and not ignored") {
            val failure = shouldThrow<ConfigurationException> {
                sent("gpu-1/m") {
                    provider("gpu-1") {
                        baseUrl = "http://gpu-1/v1"
                        organization = "org-1"
                    }
                }
            }
            failure.message.orEmpty() shouldContain "organization"
        }
        test("a name that is no name and a blank prefix are errors") {
            shouldThrow<ConfigurationException> { sent { provider("a b") { } } }
            shouldThrow<ConfigurationException> { sent { provider("gpu-1") { modelPrefixes += " " } } }
        }
    }

    test("KompletionBuilder.environment: is where keys and settings are looked up") {
        sent { environment(mapOf("OPENAI_API_KEY" to "sk-map", "OPENAI_ORG_ID" to "org-env")) }.headers["openai-organization"] shouldBe "org-env"
        shouldThrow<ConfigurationException> { sent { environment(emptyMap()) } }
    }

    context("timeouts") {
        test("Timeouts.connect, KompletionBuilder.timeouts: goes to the transport") {
            sent { timeouts { connect = Duration.ofSeconds(3) } }.connectTimeout shouldBe Duration.ofSeconds(3)
        }
        test("Timeouts.total, Timeouts.streamTotal: end whole answers and streams") {
            runTest {
                fun client() = Kompletion {
                    environment(mapOf("OPENAI_API_KEY" to "k"))
                    transport(FakeTransport { _, _ -> FakeResponse(200, listOf(delta("a")), hangs = true) })
                    time { testScheduler.currentTime * 1_000_000 }
                    timeouts {
                        idle = null
                        total = Duration.ofSeconds(7)
                        streamTotal = Duration.ofSeconds(9)
                    }
                }
                shouldThrow<TimeoutException> { client().chat("openai/gpt-4o") { user("Hi") } }
                currentTime shouldBe 7_000
                shouldThrow<TimeoutException> { client().chatStream("openai/gpt-4o") { user("Hi") }.toList() }
                currentTime shouldBe 16_000
            }
        }
        test("Timeouts.firstChunk, Timeouts.idle: bound the wait for the first chunk, and for every one after it") {
            runTest {
                fun client(vararg pieces: String) = Kompletion {
                    environment(mapOf("OPENAI_API_KEY" to "k"))
                    transport(FakeTransport { _, _ -> FakeResponse(200, pieces.toList(), hangs = true) })
                    time { testScheduler.currentTime * 1_000_000 }
                    retry { enabled = false }
                    timeouts {
                        firstChunk = Duration.ofSeconds(20)
                        idle = Duration.ofSeconds(3)
                    }
                }
                suspend fun ending(llm: Kompletion) = shouldThrow<KompletionException> { llm.chatStream("openai/gpt-4o") { user("Hi") }.toList() }
                ending(client(delta("a"))).shouldBeInstanceOf<TimeoutException>().kind shouldBe TimeoutException.Kind.IDLE
                currentTime shouldBe 3_000
                val silent = Kompletion {
                    environment(mapOf("OPENAI_API_KEY" to "k"))
                    transport(FakeTransport { _, _ -> awaitCancellation() })
                    time { testScheduler.currentTime * 1_000_000 }
                    retry { enabled = false }
                    timeouts { firstChunk = Duration.ofSeconds(20) }
                }
                ending(silent).shouldBeInstanceOf<TimeoutException>().kind shouldBe TimeoutException.Kind.FIRST_CHUNK
                currentTime shouldBe 23_000
            }
        }
        test("none may be zero or negative") {
            shouldThrow<IllegalArgumentException> { Timeouts.builder().idle(Duration.ZERO).build() }
            shouldThrow<IllegalArgumentException> { Timeouts.builder().connect(Duration.ofSeconds(-1)).build() }
        }
        test("the defaults are those of the documentation") {
            val defaults = Timeouts.DEFAULT.toBuilder().build()
            defaults.connect shouldBe Duration.ofSeconds(10)
            defaults.firstChunk shouldBe Duration.ofSeconds(60)
            defaults.idle shouldBe Duration.ofSeconds(60)
            defaults.total shouldBe Duration.ofMinutes(10)
            defaults.streamTotal.shouldBeNull()
        }
    }

    context("dropParams") {
        suspend fun outcome(client: Boolean?, call: Boolean?, streaming: Boolean = false): Pair<Throwable?, Int> {
            val transport = FakeTransport { _, _ -> whole("ok") }
            val llm = Kompletion {
                environment(mapOf("OPENAI_API_KEY" to "k"))
                transport(transport)
                client?.let { dropParams(it) }
            }
            val ask: ChatCompletionRequestBuilder.() -> Unit = {
                user("Hi")
                topK = 5
                dropParams = call
            }
            val failure = runCatching {
                if (streaming) llm.chatStream("openai/gpt-4o", ask).toList() else llm.chat("openai/gpt-4o", ask)
            }.exceptionOrNull()
            return failure to transport.requests.size
        }

        test("KompletionBuilder.dropParams: leaves out by default, and where the client or the call allows it") {
            for ((client, call) in listOf(null to null, true to null, null to true, false to true)) {
                outcome(client, call) shouldBe (null to 1)
            }
        }

        test("refuses before anything is sent where the client or the call says so, whole and streamed") {
            for ((client, call) in listOf(false to null, null to false, true to false)) {
                for (streaming in listOf(false, true)) {
                    val (failure, requests) = outcome(client, call, streaming)
                    requests shouldBe 0
                    val refusal = failure.shouldBeInstanceOf<UnsupportedParameterException>()
                    refusal.details.param shouldBe "top_k"
                    refusal.message shouldBe "openai does not take: top_k (OpenAI has no such parameter). " +
                        "Remove them, or allow that they are left out with dropParams"
                }
            }
        }

        test("goes on to a fallback that takes it") {
            val transport = FakeTransport { _, _ -> whole("ok") }
            val llm = Kompletion {
                environment(mapOf("OPENAI_API_KEY" to "k", "TOGETHER_API_KEY" to "k"))
                transport(transport)
                dropParams(false)
            }
            val answer = llm.chat("openai/gpt-4o") {
                user("Hi")
                topK = 5
                fallback("together/llama")
            }
            answer.provider shouldBe "together_ai"
            transport.requests.single().url shouldContain "together"
        }

        test("is not about what messages carry") {
            val transport = FakeTransport { _, _ -> whole("ok") }
            val llm = Kompletion {
                environment(mapOf("OPENAI_API_KEY" to "k"))
                transport(transport)
                dropParams(false)
            }
            val answer = llm.chat("openai/gpt-4o") {
                message(UserMessage.of("Hi").withCacheBreakpoint(CacheBreakpoint.FIVE_MINUTES))
            }
            answer.warnings.map { it.kind } shouldBe listOf("dropped")
        }
    }

    context("retry") {
        suspend fun failing(status: Int = 503, vararg headers: String, configure: io.kompletion.chat.RetryConfiguration.Builder.() -> Unit): Pair<Int, Long> {
            var tries = 0
            var elapsed = 0L
            runTest {
                val transport = FakeTransport { _, _ -> error(status, *headers) }
                val llm = Kompletion {
                    environment(mapOf("OPENAI_API_KEY" to "k"))
                    transport(transport)
                    time { testScheduler.currentTime * 1_000_000 }
                    random(Most)
                    retry(configure)
                }
                shouldThrow<KompletionException> { llm.chat("openai/gpt-4o") { user("Hi") } }
                tries = transport.requests.size
                elapsed = currentTime
            }
            return tries to elapsed
        }
        test("RetryConfiguration.enabled: false is one try") { failing { enabled = false }.first shouldBe 1 }
        test("RetryConfiguration.maxRetries, KompletionBuilder.retry: so many repeats") { failing { maxRetries = 5 }.first shouldBe 6 }
        test("RetryConfiguration.retryDelay, RetryConfiguration.backoffMultiplier: bound the pauses, which grow") {
            failing {
                maxRetries = 3
                retryDelay = Duration.ofMillis(10)
                backoffMultiplier = 3.0
            }.second shouldBe 10 + 30 + 90
        }
        test("RetryConfiguration.maxDelay: bounds every pause") {
            failing {
                maxRetries = 3
                retryDelay = Duration.ofMillis(10)
                maxDelay = Duration.ofMillis(15)
            }.second shouldBe 10 + 15 + 15
        }
        test("RetryConfiguration.maxRetryAfter: no longer hint is waited for") {
            failing(503, "retry-after", "90") { maxRetries = 1 }.first shouldBe 1
            failing(503, "retry-after", "90") {
                maxRetries = 1
                maxRetryAfter = Duration.ofSeconds(90)
            } shouldBe (2 to 90_000L)
        }
        test("values that make no sense are refused") {
            shouldThrow<IllegalArgumentException> { Kompletion { retry { maxRetries = -1 } } }
            shouldThrow<IllegalArgumentException> { Kompletion { retry { maxRetries = 1_000 } } }
            shouldThrow<IllegalArgumentException> { Kompletion { retry { retryDelay = Duration.ofSeconds(-1) } } }
            shouldThrow<IllegalArgumentException> { Kompletion { retry { backoffMultiplier = 0.5 } } }
        }
        test("a fallback may have settings of its own") {
            runTest {
                val transport = FakeTransport { _, _ -> error(503) }
                val llm = Kompletion {
                    environment(mapOf("OPENAI_API_KEY" to "k"))
                    transport(transport)
                    time { testScheduler.currentTime * 1_000_000 }
                    retry { maxRetries = 1 }
                }
                shouldThrow<KompletionException> {
                    llm.chat("openai/gpt-4o") {
                        user("Hi")
                        fallback(FallbackRequest("openai/gpt-5") { retry = io.kompletion.chat.RetryConfiguration.NONE })
                    }
                }
                transport.requests shouldHaveSize 3
            }
        }
    }

    test("KompletionBuilder.proxy: one that the transport cannot speak to is refused and not passed by") {
        val socks = ProxySettings(ProxySettings.Kind.SOCKS, "localhost", 1080)
        shouldThrow<ConfigurationException> { KtorTransportFactory().create(TransportSettings(socks)) }
        shouldThrow<ConfigurationException> {
            Kompletion {
                environment(mapOf("OPENAI_API_KEY" to "k"))
                proxy(socks)
            }.chat("openai/gpt-4o") { user("Hi") }
        }
    }

    test("KompletionBuilder.transport: one that was given stays open when the client is closed") {
        var closed = false
        val transport = object : io.kompletion.transport.HttpTransport by FakeTransport({ _, _ -> whole("ok") }) {
            override fun close() {
                closed = true
            }
        }
        Kompletion { transport(transport) }.close()
        closed shouldBe false
    }

    test("rate limits of the answer are at hand") {
        val transport = FakeTransport { _, _ ->
            FakeResponse(
                200,
                listOf(delta("a"), FINISH, DONE),
                listOf(
                    "content-type", "text/event-stream", "x-ratelimit-limit-requests", "500", "x-ratelimit-remaining-requests", "499",
                    "x-ratelimit-reset-requests", "120ms", "x-ratelimit-limit-tokens", "30000", "x-ratelimit-remaining-tokens", "-1",
                    "x-ratelimit-reset-tokens", "6m0s", "x-request-id", "req_1",
                ),
            )
        }
        val limits = Kompletion {
            environment(mapOf("OPENAI_API_KEY" to "k"))
            transport(transport)
        }.chat("openai/gpt-4o") { user("Hi") }.also { it.requestId shouldBe "req_1" }.rateLimits
        limits?.limitRequests shouldBe 500
        limits?.remainingRequests shouldBe 499
        limits?.resetRequests shouldBe Duration.ofMillis(120)
        limits?.remainingTokens.shouldBeNull()
        limits?.resetTokens shouldBe Duration.ofMinutes(6)
    }
})

/** The longest pause each time. */
private object Most : Random() {
    override fun nextBits(bitCount: Int): Int = error("not used")

    override fun nextLong(until: Long): Long = until - 1
}
