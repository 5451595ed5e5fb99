@file:JvmName("BudgetStoreContract")

package io.kompletion.testkit.contract

import io.kompletion.store.BudgetAccount
import io.kompletion.store.BudgetBalance
import io.kompletion.store.BudgetReservation
import io.kompletion.store.BudgetStore
import io.kotest.assertions.withClue
import io.kotest.core.factory.TestFactory
import io.kotest.core.spec.style.funSpec
import io.kotest.core.spec.style.scopes.FunSpecContainerScope
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.time.Duration
import java.util.UUID
import java.util.concurrent.atomic.AtomicLong

/**
 * What every [BudgetStore] has to do, as a test factory. All keys are fresh, so [create] may give the same store each
 * time; who gives a new one closes it.
 *
 * @param outlivesProcess whether the store lives on when its process dies, so that reservations have leases
 */
public fun budgetStoreContract(
    name: String,
    time: StoreTime,
    outlivesProcess: Boolean,
    create: suspend () -> BudgetStore,
): TestFactory = funSpec {
    context(name) {
        reservationTests(time, create)
        windowTests(time, create)
        raceTest(time, create)
        if (outlivesProcess) leaseTests(time, create)
    }
}

private suspend fun FunSpecContainerScope.reservationTests(time: StoreTime, create: suspend () -> BudgetStore) {
    test("reserves up to the limit and not more") {
        val scope = BudgetScope(time, create())
        repeat(3) { scope.granted(3, scope.account("a", 10)) }
        val full = scope.refused(2, scope.account("a", 10))
        full.account.key shouldBe scope.account("a", 10).key
        full.spent to full.reserved shouldBe (0L to 9L)
        scope.granted(1, scope.account("a", 10))
    }

    test("settling gives back what was set aside and charges what was spent") {
        val scope = BudgetScope(time, create())
        val accounts = arrayOf(scope.account("a", 10), scope.account("b", 20))
        val reservation = scope.granted(10, *accounts)
        val balances = scope.store.settle(reservation, 4)
        balances.map { it.account.key } shouldBe accounts.map { it.key }
        balances.map { it.spent to it.reserved } shouldBe listOf(4L to 0L, 4L to 0L)
        scope.granted(6, accounts[0])
        scope.refused(1, accounts[0])
    }

    test("a reservation has an id of its own, its accounts and its amount") {
        val scope = BudgetScope(time, create())
        val first = scope.granted(2, scope.account("a", 10), scope.account("b", null))
        first.accounts.map { it.key } shouldBe listOf(scope.account("a", 10).key, scope.account("b", null).key)
        first.amount shouldBe 2
        (first.id != scope.granted(2, scope.account("a", 10)).id) shouldBe true
    }

    test("a refusal leaves every other account untouched") {
        val scope = BudgetScope(time, create())
        scope.granted(5, scope.account("full", 5))
        val accounts = arrayOf(scope.account("a", 10), scope.account("full", 5), scope.account("b", 10))
        scope.refused(1, *accounts).account.key shouldBe accounts[1].key
        scope.balance(accounts[0]) shouldBe (0L to 0L)
        scope.balance(accounts[1]) shouldBe (0L to 5L)
        scope.balance(accounts[2]) shouldBe (0L to 0L)
    }

    test("an account without a limit counts") {
        val scope = BudgetScope(time, create())
        val account = scope.account("a", null)
        scope.store.settle(scope.granted(MOST, account), MOST)
        scope.granted(7, account)
        scope.balance(account) shouldBe (MOST to 7L)
    }

    test("amounts of a million dollars are exact to the last nanodollar") {
        val scope = BudgetScope(time, create())
        val account = scope.account("a", MOST)
        scope.store.settle(scope.granted(MOST - 1, account), MOST - 2)
        scope.balance(account) shouldBe (MOST - 2 to 0L)
        scope.refused(3, account)
        scope.granted(2, account)
        scope.refused(1, account)
    }

    test("a limit of nothing has room for nothing only") {
        val scope = BudgetScope(time, create())
        scope.refused(1, scope.account("a", 0))
        scope.granted(0, scope.account("a", 0))
    }

    test("settling a second time changes nothing") {
        val scope = BudgetScope(time, create())
        val account = scope.account("a", 10)
        val reservation = scope.granted(5, account)
        repeat(2) { scope.store.settle(reservation, 3).single().let { it.spent to it.reserved } shouldBe (3L to 0L) }
        scope.store.settle(reservation, 9)
        scope.balance(account) shouldBe (3L to 0L)
    }

    test("what cost more than was set aside is charged, and keeps others out") {
        val scope = BudgetScope(time, create())
        val account = scope.account("a", 10)
        scope.store.settle(scope.granted(5, account), 12)
        scope.balance(account) shouldBe (12L to 0L)
        scope.refused(1, account)
    }
}

private suspend fun FunSpecContainerScope.windowTests(time: StoreTime, create: suspend () -> BudgetStore) {
    test("spending starts anew with every window; what is reserved stays so, and is charged to the window of its end") {
        val scope = BudgetScope(time, create())
        val account = BudgetAccount(scope.account("a", 10).key, 10, time.window)
        scope.toNextWindow(account)
        scope.store.settle(scope.granted(7, account), 7)
        val running = scope.granted(3, account)
        scope.refused(1, account).resetsIn.shouldNotBeNull().toNanos() shouldBeLessThanOrEqual time.window.toNanos()
        scope.toNextWindow(account)
        scope.balance(account) shouldBe (0L to 3L)
        scope.refused(8, account)
        scope.store.settle(running, 2).single().let { it.spent to it.reserved } shouldBe (2L to 0L)
        scope.toNextWindow(account)
        scope.balance(account) shouldBe (0L to 0L)
    }

    test("without a window nothing starts anew") {
        val scope = BudgetScope(time, create())
        val account = scope.account("a", 10)
        scope.store.settle(scope.granted(7, account), 7)
        time.passWindows(1.5)
        scope.store.balance(account).resetsIn.shouldBeNull()
        scope.balance(account) shouldBe (7L to 0L)
    }
}

private suspend fun FunSpecContainerScope.raceTest(time: StoreTime, create: suspend () -> BudgetStore) {
    test("a thousand calls at once, half of them cancelled, never pass the limit and leave nothing reserved") {
        val scope = BudgetScope(time, create())
        val accounts = arrayOf(scope.account("all", 3_000), scope.account("mine", 3_500))
        val settled = AtomicLong()
        withContext(Dispatchers.Default) {
            val calls = List(1_000) { index ->
                launch {
                    val reservation = scope.reserve(10, *accounts).reservation ?: return@launch
                    try {
                        if (index % 2 == 1) awaitCancellation()
                    } finally {
                        withContext(NonCancellable) {
                            scope.store.settle(reservation, index % 11L)
                            settled.addAndGet(index % 11L)
                        }
                    }
                }
            }
            val watcher = launch {
                while (true) {
                    val (spent, reserved) = scope.balance(accounts[0])
                    withClue("spent and reserved on the way") { spent + reserved shouldBeLessThanOrEqual 3_000 }
                    yield()
                }
            }
            calls.forEachIndexed { index, call -> if (index % 2 == 1) call.cancel() }
            calls.joinAll()
            watcher.cancel()
        }
        settled.get() shouldBeGreaterThan 0
        for (account in accounts) scope.balance(account) shouldBe (settled.get() to 0L)
    }
}

private suspend fun FunSpecContainerScope.leaseTests(time: StoreTime, create: suspend () -> BudgetStore) {
    test("what nobody settles counts as spent when its lease is over") {
        val scope = BudgetScope(time, create())
        val account = scope.account("a", 10)
        scope.granted(6, account, lease = time.part(0.5))
        scope.balance(account) shouldBe (0L to 6L)
        time.passWindows(0.5)
        scope.balance(account) shouldBe (6L to 0L)
        scope.refused(5, account)
    }

    test("settling after the lease corrects the charge, once") {
        val scope = BudgetScope(time, create())
        val account = scope.account("a", 10)
        val reservation = scope.granted(6, account, lease = time.part(0.5))
        time.passWindows(0.5)
        repeat(2) { scope.store.settle(reservation, 2).single().let { it.spent to it.reserved } shouldBe (2L to 0L) }
        scope.granted(8, account)
    }

    test("a charge of a window that is over is not corrected in the next one") {
        val scope = BudgetScope(time, create())
        val account = BudgetAccount(scope.account("a", 10).key, 10, time.window)
        scope.toNextWindow(account)
        val reservation = scope.granted(6, account, lease = time.part(0.3))
        scope.toNextWindow(account)
        scope.balance(account) shouldBe (0L to 0L)
        scope.store.settle(reservation, 2).single().let { it.spent to it.reserved } shouldBe (0L to 0L)
    }
}

/** A million dollars, the highest limit that a budget takes. */
private const val MOST = 1_000_000_000_000_000L

/** Fresh keys of one test, and what is asked of them. */
private class BudgetScope(val time: StoreTime, val store: BudgetStore) {
    private val run = UUID.randomUUID().toString()

    fun account(name: String, limit: Long?) = BudgetAccount("$run:$name", limit, null)

    suspend fun reserve(amount: Long, vararg accounts: BudgetAccount, lease: Duration = LEASE) =
        store.reserve(accounts.asList(), amount, lease)

    suspend fun granted(amount: Long, vararg accounts: BudgetAccount, lease: Duration = LEASE): BudgetReservation =
        reserve(amount, *accounts, lease = lease).reservation.shouldNotBeNull()

    suspend fun refused(amount: Long, vararg accounts: BudgetAccount): BudgetBalance {
        val decision = reserve(amount, *accounts)
        decision.reservation.shouldBeNull()
        return decision.refusedBy.shouldNotBeNull()
    }

    /** Spent and reserved. */
    suspend fun balance(account: BudgetAccount): Pair<Long, Long> =
        store.balance(account).let { it.spent to it.reserved }

    suspend fun toNextWindow(account: BudgetAccount) {
        time.pass(store.balance(account).resetsIn.shouldNotBeNull() + time.tolerance)
    }

    private companion object {
        val LEASE: Duration = Duration.ofMinutes(10)
    }
}
