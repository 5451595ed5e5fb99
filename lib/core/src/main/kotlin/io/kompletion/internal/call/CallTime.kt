package io.kompletion.internal.call

import java.time.Duration

/** The clock of calls, replaced by virtual time in tests. */
internal fun interface CallTime {
    /** Nanoseconds of a clock that only goes forward. */
    fun nanos(): Long

    fun since(start: Long): Duration = Duration.ofNanos(nanos() - start)

    companion object {
        val SYSTEM = CallTime(System::nanoTime)
    }
}
