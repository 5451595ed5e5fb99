package io.kompletion.internal.cache

import io.kompletion.internal.memory.LeastRecent
import java.time.Duration

/** Keeps [most] answers as they are; the one that was not used for the longest time goes first. Thread-safe. */
internal class MemoryAnswers(most: Int, private val time: () -> Long) : Answers {
    private class Entry(val answer: KeptAnswer, val kept: Long, val nanos: Long)

    private val entries = LeastRecent<String, Entry>(most)

    override fun peek(key: String): KeptAnswer? {
        val entry = entries[key] ?: return null
        if (time() - entry.kept < entry.nanos) return entry.answer
        entries.remove(key, entry)
        return null
    }

    override suspend fun get(key: String, watch: CacheWatch): KeptAnswer? = peek(key)

    override suspend fun put(key: String, answer: KeptAnswer, ttl: Duration, watch: CacheWatch): Boolean {
        entries[key] = Entry(answer, time(), nanos(ttl))
        return true
    }

    override suspend fun clear() = entries.clear()

    /** Times beyond 292 years are all the same. */
    private fun nanos(ttl: Duration): Long =
        if (ttl.seconds >= Long.MAX_VALUE / NANOS_PER_SECOND) Long.MAX_VALUE else ttl.toNanos()

    private companion object {
        const val NANOS_PER_SECOND = 1_000_000_000L
    }
}
