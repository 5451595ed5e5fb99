package io.kompletion.internal.state

import io.kompletion.store.BudgetAccount
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration

class MemoryBudgetStoreTest : FunSpec({
    val lease = Duration.ofMinutes(1)
    val day = Duration.ofDays(1)

    test("windows begin at multiples of their length since 1970") {
        val clock = VirtualClock(Duration.ofDays(20_000).plusHours(18))
        val store = clock.state().budgets
        val account = BudgetAccount("a", 100, day)
        val reservation = store.reserve(listOf(account), 100, lease).reservation.shouldNotBeNull()
        store.settle(reservation, 100).single().resetsIn shouldBe Duration.ofHours(6)
        clock.pass(Duration.ofHours(6) - Duration.ofMillis(1))
        store.reserve(listOf(account), 1, lease).refusedBy.shouldNotBeNull().resetsIn shouldBe Duration.ofMillis(1)
        clock.pass(Duration.ofMillis(1))
        store.balance(account).spent shouldBe 0
        store.balance(account).resetsIn shouldBe day
    }

    test("a wall clock that is set back starts no window anew") {
        val clock = VirtualClock(Duration.ofDays(20_000).plusSeconds(1))
        val store = clock.state().budgets
        val account = BudgetAccount("a", 100, day)
        store.settle(store.reserve(listOf(account), 100, lease).reservation.shouldNotBeNull(), 100)
        clock.pass(Duration.ofSeconds(-2))
        store.balance(account).spent shouldBe 100
        clock.pass(Duration.ofSeconds(2))
        store.balance(account).spent shouldBe 100
    }

    test("accounts whose window is over and that hold nothing are not remembered, others are") {
        val clock = VirtualClock()
        val store = clock.state().budgets
        val held = store.reserve(listOf(BudgetAccount("held", 100, day)), 7, lease).reservation.shouldNotBeNull()
        store.settle(store.reserve(listOf(BudgetAccount("ever", 100, null)), 7, lease).reservation.shouldNotBeNull(), 5)
        repeat(5_000) { index ->
            val account = BudgetAccount("user $index", 100, day)
            store.settle(store.reserve(listOf(account), 2, lease).reservation.shouldNotBeNull(), 1)
            clock.pass(Duration.ofHours(1))
        }
        (store.size <= 2 * 26 + SweptMap.FIRST_SWEEP) shouldBe true
        store.balance(BudgetAccount("ever", 100, null)).spent shouldBe 5
        store.settle(held, 6).single().let { it.spent to it.reserved } shouldBe (6L to 0L)
    }

    test("refusals and questions remember nothing") {
        val store = VirtualClock().state().budgets
        val none = BudgetAccount("none", 0, null)
        repeat(10) { store.reserve(listOf(BudgetAccount("a$it", 9, null), none), 1, lease).reservation.shouldBeNull() }
        store.balance(none).spent shouldBe 0
        store.size shouldBe 0
    }

    test("amounts near the largest number do not overflow") {
        val store = VirtualClock().state().budgets
        val account = BudgetAccount("a", Long.MAX_VALUE, null)
        store.reserve(listOf(account), Long.MAX_VALUE - 1, lease).reservation.shouldNotBeNull()
        store.reserve(listOf(account), Long.MAX_VALUE, lease).reservation.shouldBeNull()
        store.reserve(listOf(account), 1, lease).reservation.shouldNotBeNull()
    }

    test("what cannot be meant is refused with words") {
        val store = VirtualClock().state().budgets
        val account = BudgetAccount("a", 5, null)
        shouldThrow<IllegalArgumentException> { store.reserve(listOf(account, account), 1, lease) }.message shouldContain "more than once"
        shouldThrow<IllegalArgumentException> { store.reserve(listOf(account), -1, lease) }.message shouldContain "amount"
        val reservation = store.reserve(listOf(account), 1, lease).reservation.shouldNotBeNull()
        shouldThrow<IllegalArgumentException> { store.settle(reservation, -1) }.message shouldContain "spent"
        shouldThrow<IllegalArgumentException> { BudgetAccount("a", -1, null) }.message shouldContain "limit"
        shouldThrow<IllegalArgumentException> { BudgetAccount("a", 1, Duration.ZERO) }.message shouldContain "window"
    }
})
