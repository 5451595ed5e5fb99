package io.kompletion.internal.cache

import io.kompletion.store.FlightLead
import io.kompletion.store.FlightStore
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration

/**
 * Lets one process of many make an answer, while the others look whether it is kept.
 *
 * Only for whole answers: of a stream, another process would have nothing to hand out before its end, and a stream that
 * holds everything back until then is worse than one more call.
 */
internal class ProcessLeads(private val flights: FlightStore) {
    /**
     * Runs [make], or returns what [find] found because another process has made it. One that has led to nothing, such as
     * an answer that is not kept, is followed once more; then everybody makes their own.
     */
    suspend fun around(
        key: String,
        watch: CacheWatch,
        find: suspend () -> KeptAnswer?,
        make: suspend () -> Unit,
    ): KeptAnswer? {
        repeat(ROUNDS) {
            val lead = askStore(watch, Lead.UNKNOWN) { Lead(flights.lead(key, LEASE)) }
            if (lead === Lead.UNKNOWN) {
                make()
                return null
            }
            if (lead.held != null) return holding(lead.held, watch) { find() ?: null.also { make() } }
            following(key, watch, find)?.let { return it }
        }
        make()
        return null
    }

    /** What another process has kept; null when it leads no more. */
    private suspend fun following(key: String, watch: CacheWatch, find: suspend () -> KeptAnswer?): KeptAnswer? {
        var pause = SHORTEST_PAUSE
        while (true) {
            delay(pause)
            find()?.let { return it }
            if (!askStore(watch, false) { flights.isLed(key) }) return find()
            pause = minOf(pause * 2, LONGEST_PAUSE)
        }
    }

    private suspend fun <T> holding(lead: FlightLead, watch: CacheWatch, block: suspend () -> T): T = coroutineScope {
        val renewing = launch {
            while (true) {
                delay(LEASE.toMillis() / RENEWALS)
                askStore(watch, true) { lead.renew(LEASE) }
            }
        }
        try {
            block()
        } finally {
            renewing.cancel()
            withContext(NonCancellable) {
                withTimeoutOrNull(LONGEST_RELEASE) { askStore(watch, Unit) { lead.release() } }
            }
        }
    }

    private class Lead(val held: FlightLead?) {
        companion object {
            val UNKNOWN = Lead(null)
        }
    }

    private companion object {
        const val ROUNDS = 2
        val LEASE: Duration = Duration.ofSeconds(30)
        const val RENEWALS = 3
        const val SHORTEST_PAUSE = 10L
        const val LONGEST_PAUSE = 250L
        const val LONGEST_RELEASE = 5_000L
    }
}
