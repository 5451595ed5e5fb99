package io.kompletion.internal.policy

import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Warning
import io.kompletion.error.BudgetExceededException
import io.kompletion.internal.price.CostBound
import io.kompletion.listen.CallEvent
import io.kompletion.policy.Budget
import io.kompletion.policy.LimitScope
import io.kompletion.policy.WhenUnavailable
import io.kompletion.store.BudgetAccount
import io.kompletion.store.BudgetBalance
import io.kompletion.store.BudgetReservation
import io.kompletion.store.BudgetStore
import java.math.BigDecimal
import java.math.RoundingMode
import java.time.Duration

/** Sets aside what a try can cost at most, and charges what it did cost. */
internal class BudgetKeeper(
    private val budget: Budget,
    private val store: BudgetStore,
    private val bound: CostBound,
) : Gate {
    private val isHard = budget.enforcement == Budget.Enforcement.HARD
    private val whenUnpriced = budget.unknownPrice
        ?: if (isHard) Budget.UnknownPrice.REJECT else Budget.UnknownPrice.WARN
    private val whenAway = budget.whenUnavailable ?: if (isHard) WhenUnavailable.REFUSE else WhenUnavailable.ALLOW

    override suspend fun enter(attempt: TryFacts): Pass? {
        val purses = purses(attempt)
        if (purses.isEmpty()) return null
        val size = attempt.size
        val most = bound.most(attempt.target, size.mostTokens, size.marksCache, size.media > 0)
        if (most == null && whenUnpriced == Budget.UnknownPrice.REJECT) throw unpriced(attempt)
        val amount = most?.let(::nanos) ?: 0
        val accounts = purses.map { BudgetAccount(it.key, if (isHard) it.limit else null, budget.window) }
        val decision = attempt.fromState(NAME, whenAway) { store.reserve(accounts, amount, LEASE) } ?: return null
        val reservation = decision.reservation
        if (reservation != null) return Reserved(reservation, purses, most, attempt)
        throw exceeded(checkNotNull(decision.refusedBy), purses, amount, attempt)
    }

    /** One limit that is for a try. */
    private class Purse(val key: String, val name: String, val limit: Long)

    private fun purses(attempt: TryFacts): List<Purse> {
        val target = attempt.target
        val model = budget.models.entries.firstOrNull { Scopes.isModel(it.key, target) }?.value ?: budget.perModel
        val user = attempt.user?.let { budget.users[it] } ?: budget.perUser
        val tenant = attempt.tenant?.let { budget.tenants[it] } ?: budget.perTenant
        return listOfNotNull(
            budget.global?.let { LimitScope.GLOBAL to it },
            budget.perProvider?.let { LimitScope.PROVIDER to it },
            model?.let { LimitScope.MODEL to it },
            budget.perKey?.let { LimitScope.KEY to it },
            user?.let { LimitScope.USER to it },
            tenant?.let { LimitScope.TENANT to it },
        ).map { (scope, limit) ->
            val name = Scopes.nameOf(scope, attempt)
            Purse("${budget.name} $name", "${budget.name}: $name", floor(limit))
        }
    }

    private fun unpriced(attempt: TryFacts) = BudgetExceededException(
        "nobody knows what ${attempt.target} can cost at most, and budget \"${budget.name}\" is hard; " +
            "name its price and limits in modelCatalog, set max_tokens, or allow it with unknownPrice",
        attempt.refusal("unknown_price"),
    )

    private fun exceeded(
        by: BudgetBalance,
        purses: List<Purse>,
        amount: Long,
        attempt: TryFacts,
    ): BudgetExceededException {
        val purse = purses.first { it.key == by.account.key }
        report(purse, by, attempt, isRefused = true)
        return BudgetExceededException(
            "budget ${purse.name}: ${'$'}${dollars(by.spent)} of ${'$'}${dollars(purse.limit)} are spent and " +
                "${'$'}${dollars(by.reserved)} set aside; this call could cost ${'$'}${dollars(amount)}",
            attempt.refusal("budget", by.resetsIn),
        )
    }

    private fun report(purse: Purse, balance: BudgetBalance, attempt: TryFacts, isRefused: Boolean) = attempt.tell {
        CallEvent.BudgetExceeded(
            attempt.callId,
            purse.name,
            dollars(purse.limit),
            dollars(balance.spent + balance.reserved),
            isRefused,
        )
    }

    private inner class Reserved(
        private val reservation: BudgetReservation,
        private val purses: List<Purse>,
        private val most: BigDecimal?,
        private val attempt: TryFacts,
    ) : Pass {
        private var isSettled = false

        override suspend fun answered(answer: ChatCompletionResponse): List<Warning> {
            val cost = answer.cost
            val balances = charge(cost?.let { nanos(it.total) } ?: reservation.amount)
            val warnings = ArrayList<Warning>(0)
            if (cost == null && most == null && whenUnpriced == Budget.UnknownPrice.WARN) {
                warnings +=
                    Warning("budget", "note", "not counted by budget \"${budget.name}\": ${answer.costUnknownReason}")
            }
            if (isHard) return warnings
            for ((purse, balance) in purses.zip(balances)) {
                if (balance.spent <= purse.limit) continue
                report(purse, balance, attempt, isRefused = false)
                warnings += Warning(
                    "budget",
                    "note",
                    "budget ${purse.name} of ${'$'}${dollars(purse.limit)} is passed: ${'$'}${dollars(balance.spent)}",
                )
            }
            return warnings
        }

        override suspend fun leave(end: TryEnd) {
            if (!isSettled) charge(broken(end))
        }

        /** What is charged for a try that brought no answer. An error of the provider costs nothing. */
        private fun broken(end: TryEnd): Long {
            if (!end.wasSent || end.isRefusal || most == null) return 0
            return when (budget.whenBroken) {
                Budget.WhenBroken.NOTHING -> 0

                Budget.WhenBroken.RESERVED -> reservation.amount

                Budget.WhenBroken.RECEIVED -> minOf(
                    reservation.amount,
                    nanos(received(end.partial) ?: most),
                )
            }
        }

        /** What was read, and what had come of the answer. */
        private fun received(partial: ChatCompletionResponse?): BigDecimal? {
            val usage = partial?.usage
            val text = partial?.choices.orEmpty().sumOf { choice ->
                RequestSize.ofParts(choice.message.parts).usualTokens
            }
            val output = if (partial == null) 0 else maxOf(text, usage?.completionTokens ?: 0)
            return bound.usual(attempt.target, usage?.promptTokens ?: attempt.size.usualTokens, output)
        }

        private suspend fun charge(amount: Long): List<BudgetBalance> {
            isSettled = true
            return attempt.fromState(NAME, WhenUnavailable.ALLOW) { store.settle(reservation, amount) }.orEmpty()
        }
    }

    companion object {
        private const val NAME = "budget"
        private const val PLACES = 9

        /** Longer than calls take; after it, what a dead process has set aside counts as spent. */
        private val LEASE: Duration = Duration.ofHours(1)

        fun nanos(dollars: BigDecimal): Long = dollars.movePointRight(PLACES).setScale(0, RoundingMode.CEILING).toLong()

        private fun floor(dollars: BigDecimal): Long =
            dollars.movePointRight(PLACES).setScale(0, RoundingMode.FLOOR).toLong()

        fun dollars(nanos: Long): BigDecimal =
            BigDecimal.valueOf(nanos, PLACES).stripTrailingZeros().let { if (it.scale() < 0) it.setScale(0) else it }
    }
}
