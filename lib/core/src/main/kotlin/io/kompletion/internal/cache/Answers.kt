package io.kompletion.internal.cache

import java.time.Duration

/** Where answers are kept. A store that does not answer is told to the call, and counts as empty. */
internal interface Answers {
    /** What is kept for [key], as far as that is known without waiting. */
    fun peek(key: String): KeptAnswer?

    suspend fun get(key: String, watch: CacheWatch): KeptAnswer?

    /** Whether [answer] is kept from now on, for [ttl]. */
    suspend fun put(key: String, answer: KeptAnswer, ttl: Duration, watch: CacheWatch): Boolean

    suspend fun clear()
}
