package io.kompletion.redis.internal

import io.kompletion.store.FlightLead
import io.kompletion.store.FlightStore
import java.time.Duration

/** One key with an expiry for each lead; its value is the token of who leads. */
internal class RedisFlightStore(private val link: RedisLink, private val keys: RedisKeys) : FlightStore {
    private val ids = RedisIds()

    override suspend fun lead(key: String, lease: Duration): FlightLead? {
        val token = ids.next()
        val name = keys.flight(key)
        val leads = link.undoing(RELEASE, name, token) { number(LEAD, name, token, lease.inMillis()) }
        return if (leads == 1L) Lead(name, token) else null
    }

    override suspend fun isLed(key: String): Boolean = link.call<Long> { it.exists(keys.flight(key).single()) } == 1L

    private inner class Lead(private val name: List<String>, private val token: String) : FlightLead {
        override suspend fun renew(lease: Duration): Boolean = link.number(RENEW, name, token, lease.inMillis()) == 1L

        override suspend fun release() {
            link.number(RELEASE, name, token)
        }
    }

    private companion object {
        val LEAD = LuaScript.of("flight-lead")
        val RENEW = LuaScript.of("flight-renew")
        val RELEASE = LuaScript.of("flight-release")
    }
}
