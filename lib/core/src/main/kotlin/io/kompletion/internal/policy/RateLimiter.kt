package io.kompletion.internal.policy

import io.kompletion.chat.ChatCompletionRequest
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
import kotlinx.coroutines.delay
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
        val start = nanos()
        val patience = rules.mapNotNull { it.limit.maxWait }.minOrNull()
        val names = rules.filter { it.limit.whenExceeded == WhenExceeded.WAIT }.map { it.name }.distinct().sorted()
        val permit = when {
            names.isEmpty() -> take(rules, attempt, start, patience)

            patience == null -> lines.inTurn(names) { take(rules, attempt, start, null) }

            else -> {
                val granted = withTimeoutOrNull(millis(patience)) {
                    lines.inTurn(names) { Granted(take(rules, attempt, start, patience)) }
                }
                (
                    granted ?: throw refused(
                        rules[0],
                        null,
                        attempt,
                        "and would have waited longer than $patience",
                    )
                    ).permit
            }
        } ?: return null
        val waited = Duration.ofNanos(nanos() - start)
        val slept = waited >= NOTICEABLE
        if (slept) attempt.tell { CallEvent.Waited(attempt.callId, rules.joinToString { it.name }, waited) }
        return Taken(permit, rules, attempt)
    }

    /** Of two limits for the same calls and the same window the lower one holds. */
    private fun rules(attempt: TryFacts): List<Rule> {
        val rules = limits.filter { Scopes.applies(it.per, it.only, attempt) }.map { Rule(it, attempt) }
        if (rules.size < 2) return rules
        val lowest = rules.flatMap { it.takes }.groupingBy { it.key }.reduce { _, a, b ->
            if (b.limit <
                a.limit
            ) {
                b
            } else {
                a
            }
        }
        for (rule in rules) rule.takes = rule.takes.filter { lowest[it.key] === it }
        return rules.filter { it.takes.isNotEmpty() }
    }

    /** Null when the state is away and calls go on without it. */
    private suspend fun take(rules: List<Rule>, attempt: TryFacts, start: Long, patience: Duration?): RatePermit? {
        val takes = rules.flatMap { it.takes }
        while (true) {
            val decision = attempt.fromState(NAME, unavailable(rules)) { store.take(takes) } ?: return null
            decision.permit?.let { return it }
            val rule = rules.first { decision.refusedBy in it.takes }
            val pause = decision.retryAfter ?: Duration.ZERO
            val waited = Duration.ofNanos(nanos() - start)
            val left = attempt.left()
            when {
                rule.limit.whenExceeded == WhenExceeded.FAIL -> throw refused(rule, pause, attempt, "")

                patience != null && waited + pause > patience ->
                    throw refused(rule, pause, attempt, "and would have waited longer than $patience")

                left != null && pause >= left ->
                    throw refused(rule, pause, attempt, "and the total time of the call ends before there is room")
            }
            delay(millis(pause))
        }
    }

    private fun refused(rule: Rule, retryAfter: Duration?, attempt: TryFacts, why: String) = RateLimitedException(
        "the client's own rate limit is reached: ${rule.name} $why".trim(),
        attempt.refusal("rate_limit", retryAfter),
    )

    private fun unavailable(rules: List<Rule>) = rules.maxOf { it.limit.whenUnavailable }

    /** One limit for one try. */
    private class Rule(val limit: RateLimit, attempt: TryFacts) {
        private val what = listOfNotNull(
            "requests".takeIf { limit.requests != null },
            "tokens".takeIf {
                limit.tokens !=
                    null
            },
        )
        val name = "${what.joinToString(" and ")} per ${Scopes.nameOf(limit.per, attempt)} in ${limit.window}"
        private val key = "${Scopes.nameOf(limit.per, attempt)} ${limit.window.toMillis()}"

        /** The tokens of the try as they are expected. */
        val expected = limit.tokens?.let { min(it, tokens(attempt.target.request, attempt.size, limit)) } ?: 0
        var takes = listOfNotNull(
            limit.requests?.let { RateTake("requests $key", it.toLong(), limit.window, 1) },
            limit.tokens?.let { RateTake("tokens $key", it, limit.window, expected) },
        )

        private fun tokens(request: ChatCompletionRequest, size: RequestSize, limit: RateLimit): Long {
            val output = (request.maxCompletionTokens ?: request.maxTokens ?: limit.assumedOutputTokens).toLong()
            return size.usualTokens + output * (request.n ?: 1)
        }
    }

    private class Granted(val permit: RatePermit?)

    private inner class Taken(
        private val permit: RatePermit,
        private val rules: List<Rule>,
        private val attempt: TryFacts,
    ) : Pass {
        private var isSettled = false

        override val isPerishable get() = true

        override suspend fun answered(answer: ChatCompletionResponse): List<Warning> {
            settle(1, answer.usage?.totalTokens)
            return emptyList()
        }

        override suspend fun leave(end: TryEnd) {
            if (isSettled) return
            val refused = end.failure?.status != null && end.partial == null
            when {
                !end.wasSent -> settle(0, 0)
                refused -> settle(1, 0)
                else -> settle(1, end.partial?.usage?.totalTokens)
            }
        }

        /** [tokens] null leaves what was expected. */
        private suspend fun settle(requests: Long, tokens: Long?) {
            isSettled = true
            val amounts = rules.flatMap { rule ->
                rule.takes.map { if (it.key.startsWith("requests")) requests else tokens ?: rule.expected }
            }
            if (amounts == permit.takes.map { it.amount }) return
            attempt.fromState(NAME, WhenUnavailable.ALLOW) { store.correct(permit, amounts) }
        }
    }

    private companion object {
        const val NAME = "rate limit"
        val NOTICEABLE: Duration = Duration.ofMillis(1)

        /** A timer that rings early would ask in vain. */
        fun millis(duration: Duration): Long = maxOf(1, (duration.toNanos() + 999_999) / 1_000_000)
    }
}
