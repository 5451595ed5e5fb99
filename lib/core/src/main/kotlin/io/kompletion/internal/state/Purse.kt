package io.kompletion.internal.state

import io.kompletion.store.BudgetAccount
import io.kompletion.store.BudgetBalance
import java.time.Duration

/** What was spent and is reserved of one account. What is reserved stays so when a window ends. The caller locks. */
internal class Purse {
    private var start = 0L
    private var length: Long? = null

    var spent = 0L
        private set
    var reserved = 0L
        private set

    /** Starts anew when a window of [account] has begun since. A clock that is set back starts nothing anew. */
    fun turn(account: BudgetAccount, now: Long) {
        val window = account.window?.inMillis()
        length = window
        if (window == null) return
        val begun = now - Math.floorMod(now, window)
        if (begun > start) {
            start = begun
            spent = 0
        }
    }

    fun hasRoom(amount: Long, limit: Long?): Boolean = limit == null || amount <= limit - spent - reserved

    fun reserve(amount: Long) {
        reserved += amount
    }

    fun settle(amount: Long, cost: Long) {
        reserved -= amount
        spent += cost
    }

    fun balance(account: BudgetAccount, now: Long): BudgetBalance =
        BudgetBalance(account, spent, reserved, length?.let { Duration.ofMillis(start + it - now) })

    fun isIdle(now: Long): Boolean = reserved == 0L && (spent == 0L || length?.let { now - start >= it } == true)

    private fun Duration.inMillis(): Long = maxOf(1, inNanos() / 1_000_000)
}
