package io.kompletion.internal.state

/**
 * Values by key that mean nothing after a while ([isIdle]). They are looked for when the map has doubled since the last
 * time: so there are never more than twice as many as mean something (and [FIRST_SWEEP]), no timer is needed, and a new
 * key costs O(1) in the long run. The caller locks.
 */
internal class SweptMap<V : Any>(private val isIdle: (V) -> Boolean) {
    private val entries = HashMap<String, V>()
    private var sweepAt = FIRST_SWEEP

    val size: Int get() = entries.size

    operator fun get(key: String): V? = entries[key]

    fun getOrPut(key: String, create: () -> V): V = entries[key] ?: create().also { put(key, it) }

    private fun put(key: String, value: V) {
        if (entries.size >= sweepAt) {
            entries.values.removeIf(isIdle)
            sweepAt = maxOf(FIRST_SWEEP, 2 * entries.size)
        }
        entries[key] = value
    }

    companion object {
        const val FIRST_SWEEP = 64
    }
}
