package io.kompletion.store

import java.time.Duration

/**
 * Where answers are kept: bytes by key, for a time. Keys are 64 hexadecimal digits, and say nothing of what is behind.
 *
 * Implementations are safe for any number of callers. Whatever keeps one from answering is an
 * [io.kompletion.error.StateUnavailableException]; the cache then counts as empty.
 */
public interface CacheStore {
    /** What was put and has not expired, or null. */
    public suspend fun get(key: String): ByteArray?

    public suspend fun put(key: String, value: ByteArray, ttl: Duration)

    public suspend fun remove(key: String)

    /** Removes everything that this store has put, and nothing else. */
    public suspend fun clear()
}

/** Lets one process of many make an answer that all of them want. */
public interface FlightStore {
    /**
     * Takes the lead for [key] unless somebody has it. The lead ends when it is released, and at the latest after
     * [lease], so that a process that dies does not hold it for ever.
     *
     * @return null when another one leads
     */
    public suspend fun lead(key: String, lease: Duration): FlightLead?

    /** Whether somebody leads for [key] now. */
    public suspend fun isLed(key: String): Boolean
}

/** The lead for one key. */
public interface FlightLead {
    /** Prolongs the lead by [lease] from now; false when it was lost. */
    public suspend fun renew(lease: Duration): Boolean

    public suspend fun release()
}
