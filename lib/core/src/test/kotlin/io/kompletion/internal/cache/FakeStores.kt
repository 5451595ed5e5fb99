package io.kompletion.internal.cache

import io.kompletion.error.StateUnavailableException
import io.kompletion.store.CacheStore
import io.kompletion.store.FlightLead
import io.kompletion.store.FlightStore
import kotlinx.coroutines.delay
import java.time.Duration

/** A store of bytes in memory, each operation of which takes [latency] milliseconds of virtual time. */
internal class FakeCacheStore(private val now: () -> Long = { 0 }, private val latency: Long = 1) : CacheStore {
    val entries = HashMap<String, ByteArray>()
    val ttls = HashMap<String, Duration>()
    private val ends = HashMap<String, Long>()
    var isDown = false
    var removed = 0
    var gets = 0

    override suspend fun get(key: String): ByteArray? {
        gets++
        reach()
        return entries[key].takeIf { now() < (ends[key] ?: Long.MAX_VALUE) }
    }

    override suspend fun put(key: String, value: ByteArray, ttl: Duration) {
        reach()
        entries[key] = value
        ttls[key] = ttl
        ends[key] = now() + ttl.toMillis()
    }

    override suspend fun remove(key: String) {
        reach()
        removed++
        entries -= key
    }

    override suspend fun clear() {
        reach()
        entries.clear()
    }

    private suspend fun reach() {
        delay(latency)
        if (isDown) throw StateUnavailableException("the store is down")
    }
}

/** Leads in memory, which end with their lease. */
internal class FakeFlightStore(private val now: () -> Long) : FlightStore {
    private val held = HashMap<String, Pair<Any, Long>>()
    var isDown = false
    var renewals = 0
    val leading: Int get() = held.values.count { it.second > now() }

    override suspend fun lead(key: String, lease: Duration): FlightLead? {
        reach()
        if (isLed(key)) return null
        val owner = Any()
        held[key] = owner to now() + lease.toMillis()
        return object : FlightLead {
            override suspend fun renew(lease: Duration): Boolean {
                reach()
                renewals++
                if (held[key]?.first !== owner) return false
                held[key] = owner to now() + lease.toMillis()
                return true
            }

            override suspend fun release() {
                reach()
                if (held[key]?.first === owner) held -= key
            }
        }
    }

    override suspend fun isLed(key: String): Boolean {
        reach()
        return (held[key] ?: return false).second > now()
    }

    private suspend fun reach() {
        delay(1)
        if (isDown) throw StateUnavailableException("the store is down")
    }
}
