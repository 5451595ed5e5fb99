package io.kompletion.internal.state

import io.kompletion.store.BudgetAccount
import io.kompletion.store.BudgetBalance
import io.kompletion.store.BudgetDecision
import io.kompletion.store.BudgetReservation
import io.kompletion.store.BudgetStore
import java.time.Duration

/**
 * Windows on the wall clock [millis], under one lock that is held for O(1). A lease is not looked at: it is there for
 * processes that die, and this store dies with its own.
 */
internal class MemoryBudgetStore(private val millis: () -> Long) : BudgetStore {
    private val lock = Any()
    private val purses = SweptMap<Purse> { it.isIdle(millis()) }
    private val open = HashSet<String>()
    private val ids = StateIds()

    /** How many accounts are remembered. */
    val size: Int get() = synchronized(lock) { purses.size }

    override suspend fun reserve(accounts: List<BudgetAccount>, amount: Long, lease: Duration): BudgetDecision {
        require(amount >= 0) { "amount must not be negative, got $amount" }
        require(accounts.distinctBy { it.key }.size == accounts.size) { "A key stands more than once in $accounts" }
        return synchronized(lock) { reserveLocked(accounts, amount, millis()) }
    }

    private fun reserveLocked(accounts: List<BudgetAccount>, amount: Long, now: Long): BudgetDecision {
        for (account in accounts) {
            val purse = current(account, now)
            if (!purse.hasRoom(amount, account.limit)) return BudgetDecision.refused(purse.balance(account, now))
        }
        for (account in accounts) kept(account, now).reserve(amount)
        val reservation = BudgetReservation(ids.next(), accounts, amount)
        open += reservation.id
        return BudgetDecision.granted(reservation)
    }

    override suspend fun settle(reservation: BudgetReservation, spent: Long): List<BudgetBalance> {
        require(spent >= 0) { "spent must not be negative, got $spent" }
        return synchronized(lock) {
            val now = millis()
            val isFirst = open.remove(reservation.id)
            reservation.accounts.map { account ->
                val purse = if (isFirst) kept(account, now) else current(account, now)
                if (isFirst) purse.settle(reservation.amount, spent)
                purse.balance(account, now)
            }
        }
    }

    override suspend fun balance(account: BudgetAccount): BudgetBalance = synchronized(lock) {
        val now = millis()
        current(account, now).balance(account, now)
    }

    /** The purse as it is now; one that is new is not remembered. */
    private fun current(account: BudgetAccount, now: Long): Purse =
        (purses[account.key] ?: Purse()).also { it.turn(account, now) }

    private fun kept(account: BudgetAccount, now: Long): Purse =
        purses.getOrPut(account.key) { Purse() }.also { it.turn(account, now) }
}
