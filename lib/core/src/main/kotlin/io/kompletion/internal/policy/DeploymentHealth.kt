package io.kompletion.internal.policy

import io.kompletion.policy.DeploymentStats
import io.kompletion.provider.Target
import io.kompletion.store.CallOutcome
import java.time.Duration
import kotlin.math.pow

/** How one target has done so far. Thread-safe; a few words under one lock. */
internal class DeploymentHealth {
    private var requests = 0L
    private var errors = 0L
    private var latency = Mean()
    private var firstChunk = Mean()

    /** Share of failures, recent ones counting more. */
    private var failing = 0.0

    /** When the last try ended. */
    private var last = 0L

    @Volatile
    var running = 0
        private set

    @Synchronized
    fun begins() {
        running++
    }

    @Synchronized
    fun ends(end: TryEnd, now: Long) {
        running--
        val outcome = end.outcome
        if (outcome == CallOutcome.NEUTRAL) return
        val hasFailed = outcome == CallOutcome.FAILURE
        requests++
        last = now
        failing += RECENT * ((if (hasFailed) 1.0 else 0.0) - failing)
        if (hasFailed) errors++
        // How fast a request is refused says nothing of how fast one is answered.
        if (end.answer == null) return
        if (end.firstChunkAfter != null) firstChunk.add(end.firstChunkAfter) else latency.add(end.duration)
    }

    /**
     * Nanoseconds that an answer is expected to take, worse with every recent failure, better with the time since the last
     * try; null before the first try. A target that failed without ever answering counts as slow as one may be.
     *
     * @param streams whether a stream is asked for, whose first chunk counts
     */
    @Synchronized
    fun score(now: Long, streams: Boolean): Double? {
        if (requests == 0L) return null
        val means = if (!streams) listOf(latency, firstChunk) else listOf(firstChunk, latency)
        val expected = means.firstNotNullOfOrNull { it.nanos } ?: NEVER_ANSWERED
        val forgotten = 0.5.pow((now - last).toDouble() / HALF_LIFE)
        return expected / (1 - failing).coerceAtLeast(LEAST) * forgotten
    }

    @Synchronized
    fun stats(target: Target, weight: Double, restsFor: Duration?) = DeploymentStats(
        target.providerId,
        target.model,
        target.baseUrl,
        weight,
        requests,
        errors,
        running,
        latency.duration,
        firstChunk.duration,
        restsFor,
    )

    /** A mean in which recent values count more. */
    private class Mean {
        var nanos: Double? = null
            private set
        val duration: Duration? get() = nanos?.let { Duration.ofNanos(it.toLong()) }

        fun add(value: Duration) {
            val new = value.toNanos().toDouble()
            nanos = nanos?.let { it + RECENT * (new - it) } ?: new
        }
    }

    private companion object {
        const val RECENT = 0.3
        const val LEAST = 0.05
        const val HALF_LIFE = 60e9
        const val NEVER_ANSWERED = 60e9
    }
}
