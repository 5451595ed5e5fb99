package io.kompletion.internal.policy

import io.kompletion.error.RateLimitedException
import io.kompletion.listen.CallEvent
import io.kompletion.policy.ConcurrencyLimit
import io.kompletion.policy.WhenExceeded
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap

/** Keeps the tries that run at once under a limit; one place for each name of its scope, which exists while it is used. */
internal class ConcurrencyLimiter(private val limit: ConcurrencyLimit, private val nanos: () -> Long) : Gate {
    private inner class Place {
        val permits = Semaphore(limit.maxConcurrent)

        /** Tries that run or wait. */
        var users = 0
    }

    private val places = ConcurrentHashMap<String, Place>()

    /** Tries that run or wait, in all places. */
    val inUse: Int get() = places.values.sumOf { it.users }

    override suspend fun enter(attempt: TryFacts): Pass? {
        if (!Scopes.applies(limit.per, limit.only, attempt)) return null
        val name = Scopes.nameOf(limit.per, attempt)
        val place = step(name, attempt)
        try {
            if (place.permits.tryAcquire()) return Running(name, place, false)
            if (limit.whenExceeded == WhenExceeded.FAIL) throw refused(name, attempt, "")
            val start = nanos()
            acquire(place, name, attempt)
            val waited = Duration.ofNanos(nanos() - start)
            if (waited >= NOTICEABLE) attempt.tell { CallEvent.Waited(attempt.callId, described(name), waited) }
            return Running(name, place, true)
        } catch (e: Throwable) {
            stepOut(name)
            throw e
        }
    }

    private suspend fun acquire(place: Place, name: String, attempt: TryFacts) {
        val patience = limit.maxWait ?: return place.permits.acquire()
        // A permit that comes in the moment in which the time runs out must not be lost.
        var acquired = false
        withTimeoutOrNull(maxOf(1, patience.toMillis())) {
            place.permits.acquire()
            acquired = true
        }
        if (!acquired) throw refused(name, attempt, "and would have waited longer than $patience")
    }

    private fun step(name: String, attempt: TryFacts): Place {
        val most = limit.maxWaiting?.takeIf { limit.whenExceeded == WhenExceeded.WAIT }?.plus(limit.maxConcurrent)
        var isFull = false
        val place = places.compute(name) { _, known ->
            val place = known ?: Place()
            isFull = most != null && place.users >= most
            if (!isFull) place.users++
            place
        }
        if (isFull || place == null) throw refused(name, attempt, "and ${limit.maxWaiting} wait already")
        return place
    }

    private fun stepOut(name: String) {
        places.computeIfPresent(name) { _, place -> place.takeIf { --it.users > 0 } }
    }

    private fun described(name: String) = "${limit.maxConcurrent} at once per $name"

    private fun refused(name: String, attempt: TryFacts, why: String) = RateLimitedException(
        "the client's own concurrency limit is reached: ${described(name)} $why".trim(),
        attempt.refusal("concurrency"),
    )

    private inner class Running(
        private val name: String,
        private val place: Place,
        override val hasWaited: Boolean,
    ) : Pass {
        override suspend fun leave(end: TryEnd) {
            place.permits.release()
            stepOut(name)
        }
    }

    private companion object {
        val NOTICEABLE: Duration = Duration.ofMillis(1)
    }
}
