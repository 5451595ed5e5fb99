package io.kompletion.store

import java.time.Duration

/**
 * Where spending is counted. Amounts are nanodollars, a billionth of a US dollar, so that sums are exact: a reservation
 * and a charge are rounded up to the next one.
 *
 * Reserving is atomic over all accounts: either every account has room for the amount, or none is touched. So the sum of
 * what was spent and what is reserved never passes a limit, however many calls and processes share the store.
 *
 * Implementations are safe for any number of callers. Whatever keeps one from answering is an
 * [io.kompletion.error.StateUnavailableException].
 */
public interface BudgetStore {
    /**
     * Sets [amount] aside in each of [accounts], whose keys differ. A reservation that nobody settles within [lease],
     * because its process died, counts as spent from then on.
     */
    public suspend fun reserve(accounts: List<BudgetAccount>, amount: Long, lease: Duration): BudgetDecision

    /**
     * Gives back what [reservation] set aside and charges [spent] instead. Only the first time counts, so that it
     * can be tried again. Settling what its lease has charged already corrects the charge, while that window runs.
     *
     * @return the balances after it, in the order of the accounts
     */
    public suspend fun settle(reservation: BudgetReservation, spent: Long): List<BudgetBalance>

    /** What is spent and reserved now. */
    public suspend fun balance(account: BudgetAccount): BudgetBalance
}

/**
 * One purse. Its spending starts anew with every window; windows begin at multiples of their length since 1970 in UTC, so
 * that all processes agree about them: a window of a day begins at midnight UTC.
 *
 * @property key names the purse, the same in every process
 * @property limit most nanodollars of a window; null counts without a limit
 * @property window its length; null never starts anew
 */
public class BudgetAccount(public val key: String, public val limit: Long?, public val window: Duration?) {
    init {
        require(limit == null || limit >= 0) { "limit must not be negative, got $limit" }
        require(window == null || window > Duration.ZERO) { "window must be positive, got $window" }
    }

    override fun toString(): String = "BudgetAccount($key, limit=$limit, window=$window)"
}

/** [amount] set aside in [accounts]; [id] is unique among all processes. */
public class BudgetReservation(public val id: String, public val accounts: List<BudgetAccount>, public val amount: Long)

/** The answer to a reservation: either it is there, or [refusedBy] says which account has no room. */
public class BudgetDecision private constructor(
    public val reservation: BudgetReservation?,
    public val refusedBy: BudgetBalance?,
) {
    public companion object {
        @JvmStatic
        public fun granted(reservation: BudgetReservation): BudgetDecision = BudgetDecision(reservation, null)

        @JvmStatic
        public fun refused(by: BudgetBalance): BudgetDecision = BudgetDecision(null, by)
    }
}

/**
 * @property spent nanodollars of the running window
 * @property reserved nanodollars set aside for calls that run
 * @property resetsIn until the next window; null when there is none
 */
public class BudgetBalance(
    public val account: BudgetAccount,
    public val spent: Long,
    public val reserved: Long,
    public val resetsIn: Duration?,
)
