package io.kompletion.internal.credential

import io.kompletion.Secret
import io.kompletion.error.AuthenticationException
import io.kompletion.error.ErrorDetails
import io.kompletion.error.KompletionException
import io.kompletion.error.OverloadedException
import io.kompletion.error.TimeoutException
import io.kompletion.internal.call.FakeTransport
import io.kompletion.internal.call.whole
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import java.time.Duration
import java.time.Instant
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

private val unused = FakeTransport { _, _ -> whole("never") }

/** Tokens `t1`, `t2` … each good for [life]; [before] runs in each fetch. */
@OptIn(ExperimentalCoroutinesApi::class)
private class Tokens(
    scope: TestScope,
    private val life: Duration = Duration.ofHours(1),
    private val before: suspend (Int) -> Unit = {},
) {
    var fetches = 0
    val cache = CachedTokens({ Instant.ofEpochMilli(scope.currentTime) }) { _, _ ->
        val number = ++fetches
        before(number)
        FetchedToken(Secret("t$number"), life, emptyMap())
    }

    suspend fun get(): String = cache.token(unused, Duration.ofSeconds(10)).credential.reveal()
}

@OptIn(ExperimentalCoroutinesApi::class)
class CachedTokensTest : FunSpec({
    test("a thousand calls at once fetch one token") {
        runTest {
            val tokens = Tokens(this) { delay(2.seconds) }
            List(1_000) { async { tokens.get() } }.awaitAll().toSet() shouldBe setOf("t1")
            tokens.fetches shouldBe 1
            currentTime shouldBe 2_000
        }
    }

    test("a thousand calls on many threads fetch one token") {
        val fetches = AtomicInteger()
        val cache = CachedTokens(Instant::now) { _, _ ->
            fetches.incrementAndGet()
            delay(20)
            FetchedToken(Secret("t"), Duration.ofHours(1), emptyMap())
        }
        withContext(Dispatchers.Default) {
            List(1_000) { async { cache.token(unused, Duration.ofSeconds(1)) } }.awaitAll()
        }
        fetches.get() shouldBe 1
    }

    test("a caller that is cancelled leaves the fetch to one of those who wait") {
        runTest {
            val tokens = Tokens(this) { delay(2.seconds) }
            val first = launch { tokens.get() }
            runCurrent()
            val others = List(10) { async { tokens.get() } }
            delay(1.seconds)
            first.cancel()
            others.awaitAll().toSet() shouldBe setOf("t2")
            tokens.fetches shouldBe 2
            currentTime shouldBe 3_000
        }
    }

    test("a caller that waits and is cancelled disturbs nobody") {
        runTest {
            val tokens = Tokens(this) { delay(2.seconds) }
            val first = async { tokens.get() }
            runCurrent()
            val second = launch { tokens.get() }
            delay(1.seconds)
            second.cancel()
            first.await() shouldBe "t1"
            tokens.fetches shouldBe 1
        }
    }

    test("a fetch that fails has failed for all who waited, and is tried again by the next") {
        runTest {
            val tokens = Tokens(this) {
                delay(1.seconds)
                if (it == 1) throw AuthenticationException("no", ErrorDetails.builder().status(400).build())
            }
            val failures = List(50) {
                async { shouldThrow<AuthenticationException> { tokens.get() } }
            }.awaitAll()
            tokens.fetches shouldBe 1
            failures.toSet().size shouldBe 50
            failures.map { it.message to it.status }.toSet() shouldBe setOf("no" to 400)
            tokens.get() shouldBe "t2"
        }
    }

    test("what those who waited are told has the type and the hint of the failure") {
        runTest {
            val details = ErrorDetails.builder().status(503).retryAfter(Duration.ofSeconds(7)).build()
            val tokens = Tokens(this) {
                delay(1.seconds)
                throw OverloadedException("busy", details)
            }
            val failures = List(3) { async { shouldThrow<OverloadedException> { tokens.get() } } }.awaitAll()
            failures.map { it.retryAfter } shouldContainExactly List(3) { Duration.ofSeconds(7) }
        }
    }

    test("a fetch that hangs ends") {
        runTest {
            val tokens = Tokens(this) { awaitCancellation() }
            val failures = List(3) {
                async { shouldThrow<KompletionException> { tokens.get() } }
            }.awaitAll()
            failures.forEach { ((it as TimeoutException).kind) shouldBe TimeoutException.Kind.FIRST_CHUNK }
            failures.forEach { it.isRetryable shouldBe true }
            currentTime shouldBe 30_000
            tokens.fetches shouldBe 1
        }
    }

    test("one caller replaces a token that ends soon while the others go on with it") {
        runTest {
            val tokens = Tokens(this) { if (it > 1) delay(2.seconds) }
            tokens.get() shouldBe "t1"
            delay(53.minutes)
            tokens.get() shouldBe "t1"
            delay(2.minutes)
            val first = async { tokens.get() }
            runCurrent()
            val before = currentTime
            List(10) { tokens.get() }.toSet() shouldBe setOf("t1")
            currentTime shouldBe before
            first.await() shouldBe "t2"
            tokens.get() shouldBe "t2"
            tokens.fetches shouldBe 2
        }
    }

    test("a short life is not spent on replacing") {
        runTest {
            val tokens = Tokens(this, life = Duration.ofMinutes(4))
            tokens.get() shouldBe "t1"
            delay(119.seconds)
            tokens.get() shouldBe "t1"
            delay(2.seconds)
            tokens.get() shouldBe "t2"
        }
    }

    test("when replacing fails or hangs, the old token serves until its end, and nobody tries all the time") {
        runTest {
            val tokens = Tokens(this) {
                when (it) {
                    2 -> throw OverloadedException("busy")
                    3 -> awaitCancellation()
                }
            }
            tokens.get()
            delay(55.minutes)
            tokens.get() shouldBe "t1"
            tokens.get() shouldBe "t1"
            tokens.fetches shouldBe 2
            delay(31.seconds)
            tokens.get() shouldBe "t1"
            tokens.fetches shouldBe 3
            currentTime shouldBe (55 * 60 + 31 + 5) * 1_000L
            delay(5.minutes)
            tokens.get() shouldBe "t4"
        }
    }

    test("a token that has ended is not given out, and one in its last seconds neither") {
        runTest {
            val tokens = Tokens(this) { if (it == 2) throw OverloadedException("busy") }
            tokens.get()
            delay(59.minutes + 31.seconds)
            shouldThrow<OverloadedException> { tokens.get() }
            tokens.get() shouldBe "t3"
        }
    }

    test("fifty calls whose token was refused fetch one new token") {
        runTest {
            val tokens = Tokens(this) { delay(1.seconds) }
            val old = tokens.cache.token(unused, Duration.ofSeconds(10)).credential
            val fresh = List(50) {
                async {
                    tokens.cache.refused(old) shouldBe true
                    tokens.get()
                }
            }.awaitAll()
            fresh.toSet() shouldBe setOf("t2")
            tokens.cache.refused(old)
            tokens.get() shouldBe "t2"
            tokens.fetches shouldBe 2
        }
    }

    test("who waits is not held up for ever by a caller that is stuck") {
        runTest {
            val tokens = Tokens(this) { if (it == 1) withContext(NonCancellable) { delay(1.hours) } }
            val stuck = launch { shouldThrow<TimeoutException> { tokens.get() } }
            runCurrent()
            List(5) { async { tokens.get() } }.awaitAll().toSet() shouldBe setOf("t2")
            currentTime shouldBe 35_000
            stuck.join()
            tokens.get() shouldBe "t2"
        }
    }
})
