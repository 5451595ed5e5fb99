package io.kompletion.internal.cache

import io.kompletion.internal.memory.LeastRecent
import io.kompletion.policy.SemanticCache
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.future.await
import kotlinx.coroutines.isActive

/**
 * What the questions of kept answers mean: a vector for the key of each, in memory, the least recently used goes first.
 * Thread-safe.
 */
internal class Meanings(private val policy: SemanticCache) {
    /** [frame] has all of the question's request but its text. */
    class Question(val frame: String, val vector: UnitVector)

    private val lock = Any()
    private val byFrame = HashMap<String, MutableMap<String, Question>>()
    private val questions = LeastRecent<String, Question>(policy.maxEntries) { key, old -> unlist(key, old) }

    val size: Int get() = questions.size

    /** What [text] means within [frame]; null, and told, when that cannot be found out. */
    suspend fun question(frame: String, text: String, watch: CacheWatch): Question? {
        val vector = try {
            policy.embedder.embed(text).await()
        } catch (e: Exception) {
            if (e is CancellationException && !currentCoroutineContext().isActive) throw e
            watch.meaningUnknown("the embedder failed", e)
            return null
        }
        val direction = UnitVector.of(vector)
        if (direction ==
            null
        ) {
            watch.meaningUnknown("the embedder's vector of ${vector.size} numbers has no direction", null)
        }
        return direction?.let { Question(frame, it) }
    }

    /** The keys of questions near enough to [question], nearest first. */
    fun near(question: Question): List<String> {
        val candidates = synchronized(lock) { byFrame[question.frame]?.toList() }.orEmpty()
        return candidates
            .mapNotNull { (key, other) -> other.vector.cosine(question.vector)?.let { key to it } }
            .filter { it.second >= policy.threshold - ROUNDING }
            .sortedByDescending { it.second }
            .map { it.first }
    }

    /** The answer of [key] was given. */
    fun used(key: String) {
        questions[key]
    }

    fun add(key: String, question: Question) {
        synchronized(lock) {
            byFrame.getOrPut(question.frame, ::LinkedHashMap)[key] = question
            questions[key] = question
        }
    }

    fun remove(key: String) {
        synchronized(lock) {
            val question = questions[key] ?: return
            questions.remove(key, question)
            unlist(key, question)
        }
    }

    fun clear() {
        synchronized(lock) {
            byFrame.clear()
            questions.clear()
        }
    }

    /** Called with [lock] held: entries go when others are added. */
    private fun unlist(key: String, question: Question) {
        val others = byFrame[question.frame] ?: return
        others -= key
        if (others.isEmpty()) byFrame -= question.frame
    }

    private companion object {
        /** Equal vectors are not quite as near as 1 after they were normalised. */
        const val ROUNDING = 1e-6
    }
}
