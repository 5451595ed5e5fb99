package io.kompletion.opendal

import java.time.Clock
import java.time.Duration
import java.time.Instant
import java.time.ZoneId
import java.time.ZoneOffset

/** Stands still until it is moved. */
class MovedClock(@Volatile private var now: Instant = Instant.parse("2026-01-01T00:00:00Z")) : Clock() {
    fun pass(duration: Duration) {
        now += duration
    }

    override fun instant(): Instant = now

    override fun getZone(): ZoneId = ZoneOffset.UTC

    override fun withZone(zone: ZoneId): Clock = this
}
