package io.kompletion.redis

import io.kompletion.redis.internal.RedisBudgetStore
import io.kompletion.redis.internal.RedisCacheStore
import io.kompletion.redis.internal.RedisCooldownStore
import io.kompletion.redis.internal.RedisFlightStore
import io.kompletion.redis.internal.RedisKeys
import io.kompletion.redis.internal.RedisLink
import io.kompletion.redis.internal.RedisRateLimitStore
import io.kompletion.store.BudgetStore
import io.kompletion.store.CacheStore
import io.kompletion.store.CooldownStore
import io.kompletion.store.FlightStore
import io.kompletion.store.RateLimitStore
import io.kompletion.store.SharedState

/**
 * State in Redis 5 or newer, that all processes share which name the same server and prefix: budgets, rate limits,
 * cooldowns, cached answers, and who makes an answer that many want. Each operation that reads and writes is one script,
 * which Redis runs alone, by the clock of Redis.
 *
 * It connects when it is first used, over one connection that all calls share, and connects again when that breaks. What
 * Redis does not answer in time, or refuses, is a `StateUnavailableException` with the code `state.unavailable`; a policy
 * says what happens then. Nothing blocks a thread but [close].
 *
 * Safe for any number of callers; make one for a process and close it at the end.
 */
public class RedisState private constructor(options: RedisStateOptions) : SharedState {
    private val link = RedisLink(options)
    private val keys = RedisKeys(options.prefix)

    override val budgets: BudgetStore = RedisBudgetStore(link, keys)
    override val rateLimits: RateLimitStore = RedisRateLimitStore(link, keys)
    override val cooldowns: CooldownStore = RedisCooldownStore(link, keys)
    override val cache: CacheStore = RedisCacheStore(link, keys)
    override val flights: FlightStore = RedisFlightStore(link, keys)

    /** Closes the connection, waiting two seconds for it at most. */
    override fun close(): Unit = link.close()

    public companion object {
        /**
         * State at [uri], with the other options as they are unless set.
         *
         * @throws io.kompletion.error.ConfigurationException when the address cannot work
         */
        @JvmStatic
        public fun connect(uri: String): RedisState = connect(RedisStateOptions.builder().uri(uri).build())

        @JvmStatic
        public fun connect(options: RedisStateOptions): RedisState = RedisState(options)
    }
}
