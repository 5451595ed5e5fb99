package io.kompletion.internal.memory

/** A map of at most [most] entries, out of which the least recently used one goes first; reading uses. Thread-safe. */
internal class LeastRecent<K : Any, V : Any>(
    private val most: Int,
    private val onEvicted: (K, V) -> Unit = { _, _ -> },
) {
    private val entries = object : LinkedHashMap<K, V>(INITIAL, LOAD, true) {
        override fun removeEldestEntry(eldest: Map.Entry<K, V>): Boolean {
            if (size <= most) return false
            onEvicted(eldest.key, eldest.value)
            return true
        }
    }

    val size: Int get() = synchronized(entries) { entries.size }

    operator fun get(key: K): V? = synchronized(entries) { entries[key] }

    /** What is there for [key], or else [value], which is then. */
    fun getOrPut(key: K, value: V): V = synchronized(entries) { entries.getOrPut(key) { value } }

    operator fun set(key: K, value: V) {
        synchronized(entries) { entries[key] = value }
    }

    /** Removes [value], unless another one has taken its place. */
    fun remove(key: K, value: V) {
        synchronized(entries) { if (entries[key] === value) entries.remove(key) }
    }

    fun clear() = synchronized(entries) { entries.clear() }

    private companion object {
        const val INITIAL = 16
        const val LOAD = 0.75f
    }
}
