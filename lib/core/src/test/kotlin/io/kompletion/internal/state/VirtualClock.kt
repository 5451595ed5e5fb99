package io.kompletion.internal.state

import java.time.Duration

/** Both clocks of a [MemoryState]; the monotonic one begins near its overflow, as it may. */
internal class VirtualClock(private var elapsed: Duration = Duration.ZERO) {
    fun pass(duration: Duration) {
        elapsed += duration
    }

    fun nanos(): Long = Long.MAX_VALUE - 3_000_000_000 + elapsed.toNanos()

    fun millis(): Long = elapsed.toMillis()

    fun state() = MemoryState(::nanos, ::millis)
}
