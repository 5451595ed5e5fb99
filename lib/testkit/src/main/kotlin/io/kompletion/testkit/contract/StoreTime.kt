package io.kompletion.testkit.contract

import kotlinx.coroutines.delay
import java.time.Duration

/**
 * How time passes for a store that a contract is run on. The contracts measure how long they took themselves, so that a
 * slow machine makes no failure, as long as a few operations take less than [window].
 */
public interface StoreTime {
    /** As long as the windows, rests and leases of the tests; a second is enough for a real clock. */
    public val window: Duration

    /** How far the clock of the store may differ from [nanos] over a few windows; zero for a virtual one. */
    public val tolerance: Duration

    /** A monotonic clock, in nanoseconds, by which [pass] goes. */
    public fun nanos(): Long

    /** Lets [duration] pass. */
    public suspend fun pass(duration: Duration)

    public companion object {
        /** Really waits; a store may differ by 25 ms. */
        @JvmStatic
        public fun real(window: Duration): StoreTime = RealTime(window)
    }
}

private class RealTime(override val window: Duration) : StoreTime {
    override val tolerance: Duration = Duration.ofMillis(25)

    override fun nanos(): Long = System.nanoTime()

    override suspend fun pass(duration: Duration): Unit = delay(duration.toMillis() + 1)
}

/** [share] of the window. */
internal fun StoreTime.part(share: Double): Duration = Duration.ofNanos((window.toNanos() * share).toLong())

/** Lets [share] of the window pass, and what the clocks may differ. */
internal suspend fun StoreTime.passWindows(share: Double) {
    pass(part(share) + tolerance)
}
