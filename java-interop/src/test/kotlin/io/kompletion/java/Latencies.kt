package io.kompletion.java

import java.time.Duration

/** Times that were measured, for a line of figures. */
internal class Latencies {
    private val nanos = ArrayList<Long>()

    fun add(nanos: Long) {
        this.nanos += nanos
    }

    fun addAll(other: Latencies) {
        nanos += other.nanos
    }

    /** What [percent] of a hundred do not exceed. */
    fun percentile(percent: Int): Duration =
        Duration.ofNanos(nanos.sorted()[(nanos.size * percent + PERCENT - 1) / PERCENT - 1])

    override fun toString(): String =
        "p50 ${millis(percentile(50))} ms, p99 ${millis(percentile(99))} ms over ${nanos.size}"

    private fun millis(duration: Duration) = "%.1f".format(duration.toNanos() / NANOS)

    private companion object {
        const val PERCENT = 100
        const val NANOS = 1e6
    }
}
