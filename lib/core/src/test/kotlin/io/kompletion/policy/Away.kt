package io.kompletion.policy

import io.kompletion.error.StateUnavailableException
import io.kompletion.store.BudgetAccount
import io.kompletion.store.BudgetBalance
import io.kompletion.store.BudgetDecision
import io.kompletion.store.BudgetReservation
import io.kompletion.store.BudgetStore
import io.kompletion.store.CacheStore
import io.kompletion.store.CallOutcome
import io.kompletion.store.CooldownChange
import io.kompletion.store.CooldownPass
import io.kompletion.store.CooldownRules
import io.kompletion.store.CooldownStore
import io.kompletion.store.FlightStore
import io.kompletion.store.RateDecision
import io.kompletion.store.RateLimitStore
import io.kompletion.store.RatePermit
import io.kompletion.store.RateTake
import io.kompletion.store.SharedState
import java.time.Duration

/** State that nobody reaches. */
internal object Away : SharedState {
    private fun away(): Nothing = throw StateUnavailableException("nobody there")

    override val rateLimits = object : RateLimitStore {
        override suspend fun take(takes: List<RateTake>): RateDecision = away()

        override suspend fun correct(permit: RatePermit, amounts: List<Long>) = away()

        override suspend fun taken(take: RateTake): Long = away()
    }
    override val budgets = object : BudgetStore {
        override suspend fun reserve(
            accounts: List<BudgetAccount>,
            amount: Long,
            lease: Duration,
        ): BudgetDecision = away()

        override suspend fun settle(
            reservation: BudgetReservation,
            spent: Long,
        ): List<BudgetBalance> = away()

        override suspend fun balance(account: BudgetAccount): BudgetBalance = away()
    }
    override val cooldowns = object : CooldownStore {
        override suspend fun enter(
            key: String,
            rules: CooldownRules,
        ): CooldownPass = away()

        override suspend fun report(
            key: String,
            rules: CooldownRules,
            pass: CooldownPass,
            outcome: CallOutcome,
            restFor: Duration?,
        ): CooldownChange = away()

        override suspend fun restingFor(key: String): Duration? = away()
    }
    override val cache: CacheStore? get() = null
    override val flights: FlightStore? get() = null

    override fun close() = Unit
}
