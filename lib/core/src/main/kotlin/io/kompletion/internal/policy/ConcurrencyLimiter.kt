package io.kompletion.internal.policy

import io.kompletion.error.RateLimitedException
import io.kompletion.listen.CallEvent
import io.kompletion.policy.ConcurrencyLimit
import io.kompletion.policy.WhenExceeded
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration

/** Keeps the tries that run at once under a limit; one place for each name of its scope, which exists while it is used. */
internal class ConcurrencyLimiter(private val limit: ConcurrencyLimit, private val nanos: () -> Long) : Gate {
    private val places = WhileUsed { Semaphore(limit.maxConcurrent) }

    /** Users of a place at most, those that wait included. */
    private val most = limit.maxWaiting?.takeIf { limit.whenExceeded == WhenExceeded.WAIT }
        ?.let { minOf(Int.MAX_VALUE.toLong(), it.toLong() + limit.maxConcurrent).toInt() }
        ?: Int.MAX_VALUE

    /** Tries that run or wait, in all places. */
    val inUse: Int get() = places.users

    override suspend fun enter(attempt: TryFacts): Pass? {
        if (!Scopes.applies(limit.per, limit.only, attempt)) return null
        val name = Scopes.nameOf(limit.per, attempt)
        val place = places.enter(name, most) ?: throw refused(name, attempt, "and ${limit.maxWaiting} wait already")
        try {
            if (place.tryAcquire()) return Running(name, place, false)
            if (limit.whenExceeded == WhenExceeded.FAIL) throw refused(name, attempt, "")
            val start = nanos()
            acquire(place, name, attempt)
            val waited = Duration.ofNanos(nanos() - start)
            if (waited >= NOTICEABLE) attempt.tell { CallEvent.Waited(attempt.callId, described(name), waited) }
            return Running(name, place, true)
        } catch (e: Throwable) {
            places.leave(name)
            throw e
        }
    }

    private suspend fun acquire(place: Semaphore, name: String, attempt: TryFacts) {
        val patience = limit.maxWait ?: return place.acquire()
        // A permit that comes in the moment in which the time runs out, or the call is cancelled, must not be lost.
        var acquired = false
        try {
            withTimeoutOrNull(maxOf(1, patience.toMillis())) {
                place.acquire()
                acquired = true
            }
        } catch (e: CancellationException) {
            if (acquired) place.release()
            throw e
        }
        if (!acquired) throw refused(name, attempt, "and would have waited longer than $patience")
    }

    private fun described(name: String) = "${limit.maxConcurrent} at once per $name"

    private fun refused(name: String, attempt: TryFacts, why: String) = RateLimitedException(
        "the client's own concurrency limit is reached: ${described(name)} $why".trim(),
        attempt.refusal("concurrency"),
    )

    private inner class Running(
        private val name: String,
        private val place: Semaphore,
        override val hasWaited: Boolean,
    ) : Pass {
        override suspend fun leave(end: TryEnd) {
            place.release()
            places.leave(name)
        }
    }

    private companion object {
        val NOTICEABLE: Duration = Duration.ofMillis(1)
    }
}
