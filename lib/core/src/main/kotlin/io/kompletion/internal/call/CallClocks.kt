package io.kompletion.internal.call

import io.kompletion.error.TimeoutException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import java.time.Duration

/**
 * The clocks of one try. A clock that runs out fails the scope of the try, which ends whatever waits in it; the
 * exception that comes out is the clock's own. The connect clock is the transport's.
 *
 * Waiting costs two volatile writes; one sleeping coroutine looks after all clocks.
 */
internal class CallClocks private constructor(
    private val time: CallTime,
    private val limits: Limits,
    private val stop: CompletableDeferred<Unit>,
) {
    /**
     * @property first until the first chunk, from the start of the try
     * @property idle between arrivals
     * @property total what is left of the whole call
     */
    class Limits(val first: Duration?, val idle: Duration?, val total: Duration?, val totalLimit: Duration?) {
        val none: Boolean get() = first == null && idle == null && total == null
    }

    private val started = time.nanos()

    @Volatile
    private var hasFirst = limits.first == null

    @Volatile
    private var waitingSince = NOT_WAITING

    /** Whether a clock, or the end of the client, has stopped the try. */
    val hasStopped: Boolean get() = stop.isCancelled

    /** The first chunk is there. */
    fun firstChunk() {
        hasFirst = true
    }

    /** From here on nothing arriving is idleness, until [arrived]. */
    fun waiting() {
        waitingSince = time.nanos()
    }

    /** Something arrived; what the caller does with it does not count. */
    fun arrived() {
        waitingSince = NOT_WAITING
    }

    private suspend fun watch() {
        while (true) {
            val now = time.nanos()
            var next = Long.MAX_VALUE
            limits.total?.let { next = minOf(next, started + it.toNanos() - now) }
            if (next <= 0) return expire(TimeoutException.Kind.TOTAL, limits.totalLimit)
            if (!hasFirst) limits.first?.let { next = minOf(next, started + it.toNanos() - now) }
            if (next <= 0) return expire(TimeoutException.Kind.FIRST_CHUNK, limits.first)
            limits.idle?.let { idle ->
                val since = waitingSince
                next = minOf(next, if (since == NOT_WAITING) idle.toNanos() else since + idle.toNanos() - now)
            }
            if (next <= 0) return expire(TimeoutException.Kind.IDLE, limits.idle)
            if (next == Long.MAX_VALUE) return
            delay(maxOf(1, (next + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI))
        }
    }

    private fun expire(kind: TimeoutException.Kind, limit: Duration?) {
        val what = when (kind) {
            TimeoutException.Kind.TOTAL -> "the call took longer than its total time"
            TimeoutException.Kind.FIRST_CHUNK -> "no first chunk"
            else -> "nothing arrived"
        }
        stop.completeExceptionally(TimeoutException("$what within ${limit?.toMillis()} ms", kind))
    }

    companion object {
        private const val NOT_WAITING = Long.MIN_VALUE
        private const val NANOS_PER_MILLI = 1_000_000L

        /** Runs [block]; the clocks and the end of the client can stop it. */
        suspend fun <T> run(
            life: ClientLife,
            time: CallTime,
            limits: Limits,
            block: suspend CoroutineScope.(CallClocks) -> T,
        ): T = coroutineScope {
            val stop = CompletableDeferred<Unit>(coroutineContext.job)
            val clocks = CallClocks(time, limits, stop)
            life.register(stop)
            val watch = if (limits.none) null else launch(start = CoroutineStart.UNDISPATCHED) { clocks.watch() }
            try {
                block(clocks)
            } finally {
                watch?.cancel()
                life.unregister(stop)
                stop.complete(Unit)
            }
        }
    }
}
