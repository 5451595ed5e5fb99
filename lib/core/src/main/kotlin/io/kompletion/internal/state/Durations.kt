package io.kompletion.internal.state

import java.time.Duration

/** Far enough from [Long.MAX_VALUE] that a moment of a monotonic clock can be added. */
private const val LONGEST = Long.MAX_VALUE / 4
private val LONGEST_DURATION = Duration.ofNanos(LONGEST)

/** Nanoseconds, 73 years at most. */
internal fun Duration.inNanos(): Long = if (this > LONGEST_DURATION) LONGEST else toNanos()
