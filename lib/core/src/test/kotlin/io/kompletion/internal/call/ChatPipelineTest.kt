package io.kompletion.internal.call

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.Secret
import io.kompletion.chat.ChatCompletionRequestBuilder
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ConfigurationException
import io.kompletion.error.ConnectionException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InsufficientFundsException
import io.kompletion.error.KompletionException
import io.kompletion.error.OverloadedException
import io.kompletion.error.PermissionDeniedException
import io.kompletion.error.RateLimitedException
import io.kompletion.error.StreamInterruptedException
import io.kompletion.error.TimeoutException
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.listen.CallEvent
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.longs.shouldBeInRange
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.last
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import java.util.function.Supplier
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds

@OptIn(ExperimentalCoroutinesApi::class)
private fun TestScope.client(transport: FakeTransport, configure: KompletionBuilder.() -> Unit = {}): Kompletion = Kompletion {
    environment(mapOf("OPENAI_API_KEY" to "sk-test"))
    transport(transport)
    time { testScheduler.currentTime * 1_000_000 }
    random(Random(1))
    configure()
}

private val hello: ChatCompletionRequestBuilder.() -> Unit = { user("Hello") }

@OptIn(ExperimentalCoroutinesApi::class)
class ChatPipelineTest : FunSpec({
    context("retry") {
        test("a failure that may pass is repeated and the answer tells") {
            runTest {
                val transport = FakeTransport { n, _ -> if (n < 3) error(503) else whole("there") }
                val answer = client(transport).chat("openai/gpt-4o", hello)
                answer.content shouldBe "there"
                answer.attempts.map { it.status } shouldContainExactly listOf(503, 503, 200)
                answer.attempts[0].error shouldBe "OverloadedException"
                transport.responses.all { it.isClosed } shouldBe true
            }
        }

        test("pauses are random parts of a growing bound and never exceed it") {
            runTest {
                val starts = ArrayList<Long>()
                val transport = FakeTransport { _, _ ->
                    starts += currentTime
                    error(500)
                }
                shouldThrow<KompletionException> {
                    client(transport) {
                        retry {
                            maxRetries = 4
                            retryDelay = Duration.ofMillis(100)
                            maxDelay =
                                Duration.ofMillis(300)
                        }
                    }
                        .chat("openai/gpt-4o", hello)
                }
                val pauses = starts.zipWithNext { a, b -> b - a }
                pauses shouldHaveSize 4
                for ((pause, bound) in pauses.zip(listOf(100L, 200L, 300L, 300L))) pause shouldBeInRange 0..bound
            }
        }

        test("a hint of the server is a minimum") {
            runTest {
                val transport = FakeTransport { n, _ -> if (n == 1) error(429, "retry-after", "7") else whole("ok") }
                client(transport).chat("openai/gpt-4o", hello)
                currentTime shouldBeInRange 7_000L..8_000L
            }
        }

        test("a hint in milliseconds and the reset of an exhausted limit count too") {
            runTest {
                val first = FakeTransport { n, _ -> if (n == 1) error(503, "retry-after-ms", "1500") else whole("ok") }
                client(first) { retry { retryDelay = Duration.ZERO } }.chat("openai/gpt-4o", hello)
                currentTime shouldBe 1_500
                val headers = arrayOf("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "2s")
                val second = FakeTransport { n, _ -> if (n == 1) error(429, *headers) else whole("ok") }
                client(second) { retry { retryDelay = Duration.ZERO } }.chat("openai/gpt-4o", hello)
                currentTime shouldBe 3_500
            }
        }

        test("a hint longer than allowed ends the tries at once") {
            runTest {
                val transport = FakeTransport { _, _ -> error(429, "retry-after", "61") }
                val failure = shouldThrow<RateLimitedException> { client(transport).chat("openai/gpt-4o", hello) }
                failure.retryAfter shouldBe Duration.ofSeconds(61)
                transport.requests shouldHaveSize 1
                currentTime shouldBe 0
            }
        }

        test("a used-up quota is not repeated although its status is that of a rate limit") {
            runTest {
                val transport = FakeTransport { _, _ -> error(429, code = "insufficient_quota") }
                shouldThrow<InsufficientFundsException> { client(transport).chat("openai/gpt-4o", hello) }
                transport.requests shouldHaveSize 1
            }
        }

        test("the server's own word outweighs the status") {
            runTest {
                val yes = FakeTransport { n, _ -> if (n == 1) error(400, "x-should-retry", "true") else whole("ok") }
                client(yes).chat("openai/gpt-4o", hello).attempts shouldHaveSize 2
                val no = FakeTransport { _, _ -> error(503, "x-should-retry", "false") }
                shouldThrow<OverloadedException> { client(no).chat("openai/gpt-4o", hello) }
                no.requests shouldHaveSize 1
            }
        }

        test("an empty answer is repeated, a page of a proxy is not") {
            runTest {
                val empty = FakeTransport { n, _ -> if (n == 1) FakeResponse(200, emptyList()) else whole("ok") }
                client(empty).chat("openai/gpt-4o", hello).content shouldBe "ok"
                val page =
                    FakeTransport { _, _ -> FakeResponse(200, listOf("<html>"), listOf("content-type", "text/html")) }
                shouldThrow<UnexpectedResponseException> { client(page).chat("openai/gpt-4o", hello) }
                page.requests shouldHaveSize 1
            }
        }

        test("when everything is down a thousand calls send little more than a thousand requests") {
            runTest {
                val transport = FakeTransport { _, _ -> error(503) }
                val llm = client(transport) { retry { retryDelay = Duration.ofMillis(1) } }
                repeat(1_000) { shouldThrow<OverloadedException> { llm.chat("openai/gpt-4o", hello) } }
                println("amplification under total outage: ${transport.requests.size / 1000.0}")
                transport.requests.size shouldBeLessThanOrEqual 1_050
            }
        }

        test("a request's own settings outrank the client's") {
            runTest {
                val transport = FakeTransport { _, _ -> error(503) }
                shouldThrow<OverloadedException> {
                    client(transport).chat("openai/gpt-4o") {
                        user("Hi")
                        retry =
                            io.kompletion.chat.RetryConfiguration.NONE
                    }
                }
                transport.requests shouldHaveSize 1
            }
        }
    }

    context("fetched tokens") {
        /** A server that takes [good] alone; `Bearer ` goes before it. */
        fun server(good: String, answer: () -> FakeResponse = { whole("there") }) = FakeTransport { _, request ->
            delay(100.milliseconds)
            if (request.headers["authorization"] == "Bearer $good") answer() else error(401)
        }

        fun KompletionBuilder.tokens(vararg tokens: String): AtomicInteger {
            val asked = AtomicInteger()
            // Suppliers run on threads of their own, for which virtual time does not wait.
            timeouts {
                firstChunk = null
                idle = null
                total = null
            }
            provider("openai") { accessToken { Secret(tokens[minOf(asked.getAndIncrement(), tokens.lastIndex)]) } }
            return asked
        }

        test("one that is refused is renewed once, even without retries, and the answer tells") {
            runTest {
                val events = ArrayList<CallEvent>()
                val transport = server("fresh")
                val answer = client(transport) {
                    tokens("stale", "fresh")
                    retry { enabled = false }
                    listener { events += it }
                }.chat("openai/gpt-4o", hello)
                answer.content shouldBe "there"
                answer.attempts.map { it.status } shouldContainExactly listOf(401, 200)
                answer.attempts[0].error shouldBe "AuthenticationException"
                events.filterIsInstance<CallEvent.AttemptFailed>().single().retryIn shouldBe Duration.ZERO
                currentTime shouldBe 200
            }
        }

        test("the same for a stream before its first chunk") {
            runTest {
                val transport = server("fresh") { FakeResponse(200, listOf(delta("x"), FINISH, DONE)) }
                val last = client(transport) { tokens("stale", "fresh") }.chatStream("openai/gpt-4o", hello).last()
                (last as FinalResponseChunk).response.attempts.map { it.status } shouldContainExactly listOf(401, 200)
            }
        }

        test("a second refusal surfaces") {
            runTest {
                val transport = server("never")
                val failure = shouldThrow<AuthenticationException> {
                    client(transport) { tokens("stale", "stale-2", "fresh") }.chat("openai/gpt-4o", hello)
                }
                failure.attempts.map { it.status } shouldContainExactly listOf(401, 401)
                transport.requests shouldHaveSize 2
            }
        }

        test("renewing takes nothing from the repeats") {
            runTest {
                var n = 0
                val transport = FakeTransport { _, request ->
                    val isGood = request.headers["authorization"] == "Bearer fresh"
                    if (!isGood) {
                        error(401)
                    } else if (++n < 3) {
                        error(503)
                    } else {
                        whole("there")
                    }
                }
                val answer = client(transport) {
                    tokens("stale", "fresh")
                    retry { maxRetries = 2 }
                }.chat("openai/gpt-4o", hello)
                answer.attempts.map { it.status } shouldContainExactly listOf(401, 503, 503, 200)
            }
        }

        test("a key that is refused is not tried again") {
            runTest {
                val transport = server("fresh")
                shouldThrow<AuthenticationException> { client(transport).chat("openai/gpt-4o", hello) }
                transport.requests shouldHaveSize 1
            }
        }

        test("what is no refusal of the token renews nothing") {
            runTest {
                val transport = FakeTransport { _, _ -> error(403) }
                var asked = AtomicInteger()
                shouldThrow<PermissionDeniedException> {
                    client(transport) { asked = tokens("a", "b") }.chat("openai/gpt-4o", hello)
                }
                asked.get() shouldBe 1
            }
        }

        test("nothing is renewed after the first chunk") {
            runTest {
                val refusal = "data: {\"error\":{\"message\":\"no\",\"code\":\"invalid_api_key\"}}\n\n"
                val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(delta("a"), refusal)) }
                val failure = shouldThrow<AuthenticationException> {
                    client(transport) { tokens("a", "b") }.chatStream("openai/gpt-4o", hello).toList()
                }
                failure.partial?.content shouldBe "a"
                transport.requests shouldHaveSize 1
            }
        }

        test("a fallback may renew, too") {
            runTest {
                val answer = client(server("fresh")) { tokens("stale", "stale", "stale", "fresh") }
                    .chat("openai/gpt-4o") {
                        user("Hello")
                        fallback("openai/gpt-4o-mini")
                    }
                answer.attempts.map { it.status } shouldContainExactly listOf(401, 401, 401, 200)
            }
        }

        test("a supplier that fails, gives nothing or is cancelled is an error of its own, before anything is sent") {
            val transport = server("fresh")
            fun llm(supplier: Supplier<Secret>) = Kompletion {
                environment(emptyMap())
                transport(transport)
                provider("openai") { accessToken(supplier) }
            }
            for (supplier in listOf<Supplier<Secret>>(
                Supplier { error("vault is sealed") },
                Supplier { throw CancellationException("not yours") },
                Supplier { throw AuthenticationException("vault says no") },
            )) {
                val failure = shouldThrow<AuthenticationException> { llm(supplier).chat("openai/gpt-4o", hello) }
                failure.attempts shouldHaveSize 1
                failure.provider shouldBe "openai"
            }
            shouldThrow<ConfigurationException> { llm { Secret(" ") }.chat("openai/gpt-4o", hello) }
            transport.requests shouldHaveSize 0
        }

        test("a supplier that blocks is interrupted when the time of the call is up") {
            val interrupted = CompletableDeferred<Unit>()
            val llm = Kompletion {
                environment(emptyMap())
                transport(server("fresh"))
                provider("openai") {
                    accessToken {
                        try {
                            CountDownLatch(1).await()
                        } catch (e: InterruptedException) {
                            interrupted.complete(Unit)
                            throw e
                        }
                        Secret("never")
                    }
                }
            }
            val failure = shouldThrow<TimeoutException> {
                llm.chat("openai/gpt-4o") {
                    user("Hello")
                    timeout = Duration.ofMillis(50)
                }
            }
            failure.kind shouldBe TimeoutException.Kind.TOTAL
            interrupted.await()
        }
    }

    context("clocks") {
        test("no first chunk") {
            runTest {
                val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(": keep-alive\n\n"), hangs = true) }
                val failure = shouldThrow<TimeoutException> {
                    client(transport) {
                        timeouts { firstChunk = Duration.ofSeconds(5) }
                        retry { enabled = false }
                    }.chatStream("openai/gpt-4o", hello).toList()
                }
                failure.kind shouldBe TimeoutException.Kind.FIRST_CHUNK
                currentTime shouldBe 5_000
                transport.responses.single().isClosed shouldBe true
            }
        }

        test("keep-alive comments do not count as a first chunk but as life") {
            runTest {
                val pieces = List(20) { ": keep-alive\n\n" } + delta("x") + FINISH + DONE
                val transport = FakeTransport { _, _ ->
                    FakeResponse(200, pieces, before = {
                        if (it <
                            20
                        ) {
                            delay(2_000.milliseconds)
                        }
                    })
                }
                val slow = client(transport) {
                    timeouts {
                        firstChunk = Duration.ofSeconds(60)
                        idle =
                            Duration.ofSeconds(3)
                    }
                }
                (slow.chatStream("openai/gpt-4o", hello).last() as FinalResponseChunk).response.content shouldBe "x"
                val strict = client(transport) {
                    timeouts { firstChunk = Duration.ofSeconds(30) }
                    retry {
                        enabled =
                            false
                    }
                }
                shouldThrow<TimeoutException> { strict.chatStream("openai/gpt-4o", hello).toList() }
                    .kind shouldBe TimeoutException.Kind.FIRST_CHUNK
            }
        }

        test("silence in the middle") {
            runTest {
                val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(delta("a")), hangs = true) }
                val failure = shouldThrow<TimeoutException> {
                    client(transport) {
                        timeouts { idle = Duration.ofSeconds(4) }
                    }.chatStream("openai/gpt-4o", hello).toList()
                }
                failure.kind shouldBe TimeoutException.Kind.IDLE
                failure.partial?.content shouldBe "a"
                currentTime shouldBe 4_000
                transport.requests shouldHaveSize 1
            }
        }

        test("a slow collector is not silence") {
            runTest {
                val transport =
                    FakeTransport { _, _ -> FakeResponse(200, listOf(delta("a"), delta("b"), FINISH, DONE)) }
                client(transport) { timeouts { idle = Duration.ofSeconds(4) } }
                    .chatStream("openai/gpt-4o", hello).collect { delay(10_000.milliseconds) }
            }
        }

        test("a clock that stops a collector in the middle of its work is a failure of the call, not of the collector") {
            runTest {
                val heard = ArrayList<CallEvent>()
                val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(delta("a"), delta("b"), FINISH, DONE)) }
                val llm = client(transport) { listener { heard += it } }
                val failure = shouldThrow<TimeoutException> {
                    llm.chatStream("openai/gpt-4o") {
                        user("Hi")
                        timeout = Duration.ofSeconds(10)
                    }.collect { delay(60_000.milliseconds) }
                }
                failure.kind shouldBe TimeoutException.Kind.TOTAL
                failure.attempts shouldHaveSize 1
                failure.partial?.content.orEmpty().take(1) shouldBe "a"
                heard.takeLast(2).map { it.javaClass.simpleName } shouldBe listOf("Failed", "Finished")
                currentTime shouldBe 10_000
            }
        }

        test("the total time spans tries and pauses, and ends a try in the middle") {
            runTest {
                val transport = FakeTransport { n, _ ->
                    if (n == 1) error(503, "retry-after", "2") else FakeResponse(200, listOf(delta("a")), hangs = true)
                }
                val failure = shouldThrow<TimeoutException> {
                    client(transport).chatStream("openai/gpt-4o") {
                        user("Hi")
                        timeout = Duration.ofSeconds(10)
                    }.toList()
                }
                failure.kind shouldBe TimeoutException.Kind.TOTAL
                failure.attempts shouldHaveSize 2
                currentTime shouldBe 10_000
            }
        }

        test("a pause that would outlast the total time is not begun") {
            runTest {
                val transport = FakeTransport { _, _ -> error(503, "retry-after", "20") }
                shouldThrow<OverloadedException> {
                    client(transport).chat("openai/gpt-4o") {
                        user("Hi")
                        timeout = Duration.ofSeconds(10)
                    }
                }
                currentTime shouldBe 0
            }
        }

        test("every clock can be switched off") {
            runTest {
                val transport = FakeTransport { _, _ ->
                    FakeResponse(200, listOf(delta("a"), FINISH, DONE), before = { delay(3_600_000.milliseconds) })
                }
                client(transport) {
                    timeouts {
                        firstChunk = null
                        idle = null
                        total = null
                    }
                }
                    .chatStream("openai/gpt-4o", hello).last()
            }
        }

        test("a server that keeps the connection open after the end costs two seconds at most") {
            runTest {
                val transport = FakeTransport { _, _ -> FakeResponse(200, listOf(delta("a"), FINISH), hangs = true) }
                (
                    client(
                        transport,
                    ).chatStream("openai/gpt-4o", hello).last() as FinalResponseChunk
                    ).response.content shouldBe
                    "a"
                currentTime shouldBe 2_000
            }
        }
    }

    test("listeners hear what happens, in order, and a failing one disturbs nobody") {
        runTest {
            val heard = ArrayList<CallEvent>()
            val transport = FakeTransport { n, _ ->
                if (n == 1) error(503) else FakeResponse(200, listOf(delta("a"), FINISH, DONE))
            }
            val llm = client(transport) {
                listener { heard += it }
                listener { throw IllegalStateException("mine") }
            }
            llm.chatStream("openai/gpt-4o", hello).toList()
            heard.map { it.javaClass.simpleName } shouldContainExactly
                listOf("Started", "AttemptStarted", "AttemptFailed", "AttemptStarted", "FirstChunk", "Succeeded", "Finished")
            heard.map { it.callId }.toSet() shouldHaveSize 1
            heard.clear()
            llm.chatStream("openai/gpt-4o", hello).first()
            heard.takeLast(2).map { it.javaClass.simpleName } shouldBe listOf("Cancelled", "Finished")
            heard.clear()
            shouldThrow<KompletionException> {
                client(FakeTransport { _, _ -> error(400) }) { listener { heard += it } }.chat("openai/gpt-4o", hello)
            }
            heard.map { it.javaClass.simpleName } shouldContainExactly
                listOf("Started", "AttemptStarted", "AttemptFailed", "Failed", "Finished")
        }
    }

    test("a body shorter than announced has broken off") {
        runTest {
            val transport = FakeTransport { n, _ ->
                if (n ==
                    1
                ) {
                    FakeResponse(
                        200,
                        listOf("{\"choices\":"),
                        listOf("content-type", "application/json", "content-length", "100"),
                    )
                } else {
                    whole("ok")
                }
            }
            val answer = client(transport).chat("openai/gpt-4o", hello)
            answer.attempts[0].error shouldBe "StreamInterruptedException"
            answer.attempts[0].reason.orEmpty() shouldContain "11 of 100 bytes"
        }
    }

    test("a connection that broke in vain is not repeated") {
        for ((retryable, tries) in listOf(null to 2, true to 2, false to 1)) {
            runTest {
                val broken = ConnectionException(
                    "no body",
                    ConnectionException.Kind.OTHER,
                    ErrorDetails.builder().retryable(retryable).build(),
                )
                val transport = FakeTransport { _, _ -> FakeResponse(200, emptyList(), before = { throw broken }) }
                shouldThrow<StreamInterruptedException> {
                    client(transport) { retry { maxRetries = 1 } }.chatStream("openai/gpt-4o", hello).toList()
                }
                transport.requests shouldHaveSize tries
            }
        }
    }

    test("a connection that breaks after everything was said has done no harm") {
        runTest {
            val transport = FakeTransport { _, _ ->
                FakeResponse(200, listOf(delta("a"), FINISH), before = {
                    if (it == 2) throw ConnectionException("reset", ConnectionException.Kind.RESET)
                })
            }
            (
                client(
                    transport,
                ).chatStream("openai/gpt-4o", hello).last() as FinalResponseChunk
                ).response.content shouldBe
                "a"
        }
    }

    test("an encoding that was not asked for is an error and not garbage") {
        runTest {
            val transport = FakeTransport { _, _ -> FakeResponse(200, listOf("x"), listOf("content-encoding", "gzip")) }
            shouldThrow<UnexpectedResponseException> {
                client(transport).chat("openai/gpt-4o", hello)
            }.message.orEmpty() shouldContain
                "gzip"
        }
    }
})
