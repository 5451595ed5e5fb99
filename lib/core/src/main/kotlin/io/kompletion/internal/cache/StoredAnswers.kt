package io.kompletion.internal.cache

import io.kompletion.store.CacheStore
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration

/** Keeps answers as bytes in [store]. What cannot be read any more is removed, and as good as not there. */
internal class StoredAnswers(private val store: CacheStore, private val maxBytes: Int) : Answers {
    override fun peek(key: String): KeptAnswer? = null

    override suspend fun get(key: String, watch: CacheWatch): KeptAnswer? {
        val bytes = askStore(watch, null) { store.get(key) } ?: return null
        AnswerBytes.read(bytes)?.let { return it }
        askStore(watch, Unit) { store.remove(key) }
        return null
    }

    override suspend fun put(key: String, answer: KeptAnswer, ttl: Duration, watch: CacheWatch): Boolean {
        val bytes = AnswerBytes.write(answer) ?: return false
        if (bytes.size > maxBytes) return false
        return askStore(watch, false) {
            withTimeoutOrNull(LONGEST_PUT.toMillis()) { store.put(key, bytes, ttl) } != null
        }
    }

    override suspend fun clear() = store.clear()

    private companion object {
        /** The answer is there already, and nobody waits for this but who made it. */
        val LONGEST_PUT: Duration = Duration.ofSeconds(5)
    }
}
