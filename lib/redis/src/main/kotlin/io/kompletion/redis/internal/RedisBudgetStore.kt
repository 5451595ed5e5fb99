package io.kompletion.redis.internal

import io.kompletion.store.BudgetAccount
import io.kompletion.store.BudgetBalance
import io.kompletion.store.BudgetDecision
import io.kompletion.store.BudgetReservation
import io.kompletion.store.BudgetStore
import java.time.Duration

/** A hash with the sums and the reservations of an account, and two sorted sets of their leases. */
internal class RedisBudgetStore(private val link: RedisLink, private val keys: RedisKeys) : BudgetStore {
    private val ids = RedisIds()

    override suspend fun reserve(accounts: List<BudgetAccount>, amount: Long, lease: Duration): BudgetDecision {
        require(amount in 0..MOST) { "amount must be between 0 and $MOST, got $amount" }
        require(accounts.distinctBy { it.key }.size == accounts.size) { "A key stands more than once in $accounts" }
        for (account in accounts) {
            require(account.limit.let { it == null || it <= MOST }) { "limit must be at most $MOST, got $account" }
        }
        val reservation = BudgetReservation(ids.next(), accounts, amount)
        val names = names(accounts)
        val args = accounts.flatMap { listOf(it.limit ?: -1, it.windowMicros()) }
        val answer = link.undoing(SETTLE, names, reservation.id, 0, *windows(accounts)) {
            list(RESERVE, names, reservation.id, amount, lease.inMicros(), *args.toTypedArray())
        }
        val refused = number(answer[0]).toInt()
        if (refused == 0) return BudgetDecision.granted(reservation)
        return BudgetDecision.refused(balance(accounts[refused - 1], answer.drop(1)))
    }

    override suspend fun settle(reservation: BudgetReservation, spent: Long): List<BudgetBalance> {
        require(spent in 0..MOST) { "spent must be between 0 and $MOST, got $spent" }
        val accounts = reservation.accounts
        if (accounts.isEmpty()) return emptyList()
        return link.list(SETTLE, names(accounts), reservation.id, spent, *windows(accounts))
            .chunked(3)
            .mapIndexed { index, values -> balance(accounts[index], values) }
    }

    override suspend fun balance(account: BudgetAccount): BudgetBalance =
        balance(account, link.list(BALANCE, keys.account(account.key), account.windowMicros()))

    private fun names(accounts: List<BudgetAccount>) = accounts.flatMap { keys.account(it.key) }

    private fun windows(accounts: List<BudgetAccount>): Array<Any> = Array(accounts.size) {
        accounts[it].windowMicros()
    }

    private fun BudgetAccount.windowMicros(): Long = window?.inMicros() ?: 0

    private fun balance(account: BudgetAccount, values: List<Any>): BudgetBalance {
        val resetsIn = account.window?.let { micros(number(values[2])) }
        return BudgetBalance(account, number(values[0]), number(values[1]), resetsIn)
    }

    private fun number(text: Any): Long = (text as ByteArray).decodeToString().toLong()

    private companion object {
        val RESERVE = LuaScript.of("clock", "budget-accounts", "budget-reserve")
        val SETTLE = LuaScript.of("clock", "budget-accounts", "budget-settle")
        val BALANCE = LuaScript.of("clock", "budget-accounts", "budget-balance")

        /** Up to here a number of Lua is exact; nine million dollars. */
        const val MOST = 1L shl 53
    }
}
