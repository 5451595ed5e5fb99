package io.kompletion.internal.policy

import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Warning
import io.kompletion.error.RateLimitedException
import io.kompletion.listen.CallEvent
import io.kompletion.policy.RateLimit
import io.kompletion.policy.WhenExceeded
import io.kompletion.policy.WhenUnavailable
import io.kompletion.store.RateLimitStore
import io.kompletion.store.RatePermit
import io.kompletion.store.RateTake
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration
import kotlin.math.min

/**
 * Keeps requests and tokens under their limits. All limits that are for a try are asked at once, so that none is used up by
 * a try that another one holds back.
 *
 * Tries that may wait stand in a line for each limit; only the first of it asks, and sleeps as long as the store says.
 */
internal class RateLimiter(
    private val limits: List<RateLimit>,
    private val store: RateLimitStore,
    private val nanos: () -> Long,
) : Gate {
    private val lines = FairLines()

    /** Tries that wait now. */
    val waiting: Int get() = lines.size

    override suspend fun enter(attempt: TryFacts): Pass? {
        val rules = rules(attempt)
        if (rules.isEmpty()) return null
        val visit = Visit(rules, attempt)
        val start = nanos()
        if (!visit.isGranted()) return null
        val waited = Duration.ofNanos(nanos() - start)
        if (waited >= NOTICEABLE) {
            attempt.tell { CallEvent.Waited(attempt.callId, rules.joinToString { it.name }, waited) }
        }
        return visit
    }

    /** Of two limits for the same calls and the same window the lower one holds. */
    private fun rules(attempt: TryFacts): List<RateRule> {
        val rules = limits.filter { Scopes.applies(it.per, it.only, attempt) }.map { RateRule(it, attempt) }
        if (rules.size < 2) return rules
        val lowest = rules.flatMap { it.takes }.groupBy { it.key }.mapValues { (_, same) -> same.minBy { it.limit } }
        for (rule in rules) rule.takes = rule.takes.filter { lowest[it.key] === it }
        return rules.filter { it.takes.isNotEmpty() }
    }

    /** One try before its limits, and behind them. */
    private inner class Visit(private val rules: List<RateRule>, private val attempt: TryFacts) : Pass {
        private val start = nanos()
        private val patience = rules.mapNotNull { it.limit.maxWait }.minOrNull()
        private val whenAway = rules.maxOf { it.limit.whenUnavailable }

        /** What was taken; null before, and while the state is away. */
        private var permit: RatePermit? = null
        private var isSettled = false

        override val isPerishable get() = true

        /** Takes, waits, or throws; false when the state is away and calls go on without it. */
        suspend fun isGranted(): Boolean {
            val names = rules.filter { it.limit.whenExceeded == WhenExceeded.WAIT }.map { it.name }.distinct().sorted()
            var isOver = false
            try {
                val most = patience
                if (most == null || names.isEmpty()) {
                    lines.inTurn(names, ::take)
                } else {
                    isOver = withTimeoutOrNull(millis(most)) { lines.inTurn(names, ::take) } == null
                }
            } catch (e: CancellationException) {
                // What was granted in the moment in which the call was cancelled is not lost.
                withContext(NonCancellable) { leave(TryEnd.UNSENT) }
                throw e
            }
            if (isOver && permit == null) throw tooLong(rules[0], null)
            return permit != null
        }

        private suspend fun take() {
            val takes = rules.flatMap { it.takes }
            while (true) {
                val decision = attempt.fromState(NAME, whenAway) { store.take(takes) } ?: return
                permit = decision.permit
                if (permit != null) return
                val rule = rules.first { decision.refusedBy in it.takes }
                val pause = decision.retryAfter ?: Duration.ZERO
                if (rule.limit.whenExceeded == WhenExceeded.FAIL) throw refused(rule, pause, "")
                val waited = Duration.ofNanos(nanos() - start)
                if (patience != null && waited + pause > patience) throw tooLong(rule, pause)
                attempt.left()?.let {
                    if (pause >= it) throw refused(rule, pause, "and the call's total time ends before there is room")
                }
                delay(millis(pause))
            }
        }

        private fun tooLong(rule: RateRule, retryAfter: Duration?) =
            refused(rule, retryAfter, "and would have waited longer than $patience")

        private fun refused(rule: RateRule, retryAfter: Duration?, why: String) = RateLimitedException(
            "the client's own rate limit is reached: ${rule.name} $why".trim(),
            attempt.refusal("rate_limit", retryAfter),
        )

        override suspend fun answered(answer: ChatCompletionResponse): List<Warning> {
            settle(1, answer.usage?.totalTokens)
            return emptyList()
        }

        override suspend fun leave(end: TryEnd) = when {
            !end.wasSent -> settle(0, 0)
            end.isRefusal -> settle(1, 0)
            else -> settle(1, end.partial?.usage?.totalTokens)
        }

        /** Once; [tokens] null leaves what was expected. */
        private suspend fun settle(requests: Long, tokens: Long?) {
            val taken = permit
            if (taken == null || isSettled) return
            isSettled = true
            val amounts = rules.flatMap { rule ->
                rule.takes.map { if (it === rule.ofRequests) requests else tokens ?: it.amount }
            }
            if (amounts == taken.takes.map { it.amount }) return
            attempt.fromState(NAME, WhenUnavailable.ALLOW) { store.correct(taken, amounts) }
        }
    }

    private companion object {
        const val NAME = "rate limit"
        val NOTICEABLE: Duration = Duration.ofMillis(1)

        /** A timer that rings early would ask in vain. */
        fun millis(duration: Duration): Long = maxOf(1, (duration.toNanos() + 999_999) / 1_000_000)
    }
}

/** One limit for one try. */
private class RateRule(val limit: RateLimit, attempt: TryFacts) {
    private val scope = Scopes.nameOf(limit.per, attempt)
    private val key = "$scope ${limit.window.toMillis()}"

    val name: String
        get() {
            val what = listOfNotNull(limit.requests?.let { "requests" }, limit.tokens?.let { "tokens" })
            return "${what.joinToString(" and ")} per $scope in ${limit.window}"
        }

    val ofRequests = limit.requests?.let { RateTake("requests $key", it.toLong(), limit.window, 1) }

    /** The tokens of the try as they are expected; one that is larger than the limit has the window for itself. */
    private val ofTokens =
        limit.tokens?.let { RateTake("tokens $key", it, limit.window, min(it, expected(attempt))) }

    var takes = listOfNotNull(ofRequests, ofTokens)

    private fun expected(attempt: TryFacts): Long {
        val request = attempt.target.request
        val output = (request.maxCompletionTokens ?: request.maxTokens ?: limit.assumedOutputTokens).toLong()
        return attempt.size.usualTokens + output * (request.n ?: 1)
    }
}
