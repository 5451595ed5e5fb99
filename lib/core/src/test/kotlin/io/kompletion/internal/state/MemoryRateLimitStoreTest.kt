package io.kompletion.internal.state

import io.kompletion.store.RateTake
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration

class MemoryRateLimitStoreTest : FunSpec({
    val minute = Duration.ofMinutes(1)
    val nano = Duration.ofNanos(1)

    test("the wait is exact to the nanosecond, over the overflow of the monotonic clock") {
        val clock = VirtualClock()
        val store = clock.state().rateLimits
        val all = listOf(RateTake("a", 5, minute, 5))
        store.take(all).permit.shouldNotBeNull()
        clock.pass(Duration.ofSeconds(20))
        store.take(all).retryAfter shouldBe Duration.ofSeconds(40)
        clock.pass(Duration.ofSeconds(40) - nano)
        store.take(all).retryAfter shouldBe nano
        clock.pass(nano)
        store.take(all).permit.shouldNotBeNull()
    }

    test("the wait is for as many entries as have to go") {
        val clock = VirtualClock()
        val store = clock.state().rateLimits
        repeat(5) {
            store.take(listOf(RateTake("a", 5, minute, 1))).permit.shouldNotBeNull()
            clock.pass(Duration.ofSeconds(1))
        }
        for (amount in 1L..5L) {
            store.take(listOf(RateTake("a", 5, minute, amount))).retryAfter shouldBe Duration.ofSeconds(54 + amount)
        }
    }

    test("keys without live entries are not remembered") {
        val clock = VirtualClock()
        val store = clock.state().rateLimits
        repeat(10_000) { index ->
            store.take(listOf(RateTake("key $index", 5, minute, 1)))
            clock.pass(Duration.ofSeconds(1))
        }
        // 60 are alive at any moment
        (store.size <= 2 * 60 + SweptMap.FIRST_SWEEP) shouldBe true
    }

    test("refusals and questions remember nothing") {
        val store = VirtualClock().state().rateLimits
        store.take(listOf(RateTake("full", 1, minute, 1)))
        repeat(10) { store.take(listOf(RateTake("key $it", 1, minute, 1), RateTake("full", 1, minute, 1))).permit.shouldBeNull() }
        store.taken(RateTake("asked", 1, minute, 0)) shouldBe 0
        store.size shouldBe 1
    }

    test("what cannot be meant is refused with words") {
        val store = VirtualClock().state().rateLimits
        val take = RateTake("a", 5, minute, 1)
        shouldThrow<IllegalArgumentException> { store.take(listOf(take, take)) }.message shouldContain "more than once"
        shouldThrow<IllegalArgumentException> { RateTake("a", 5, minute, 6) }.message shouldContain "between 0 and the limit 5, got 6"
        shouldThrow<IllegalArgumentException> { RateTake("a", 5, Duration.ZERO, 1) }.message shouldContain "window"
        val permit = store.take(listOf(take)).permit.shouldNotBeNull()
        shouldThrow<IllegalArgumentException> { store.correct(permit, listOf(1, 2)) }.message shouldContain "2 amounts for 1"
        shouldThrow<IllegalArgumentException> { store.correct(permit, listOf(-1)) }.message shouldContain "negative"
    }

    test("windows longer than clocks can count are as long as they can be") {
        val clock = VirtualClock()
        val store = clock.state().rateLimits
        val ever = Duration.ofSeconds(Long.MAX_VALUE)
        store.take(listOf(RateTake("a", 1, ever, 1))).permit.shouldNotBeNull()
        clock.pass(Duration.ofDays(365))
        store.take(listOf(RateTake("a", 1, ever, 1))).permit.shouldBeNull()
    }
})
