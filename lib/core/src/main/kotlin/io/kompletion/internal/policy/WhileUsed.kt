package io.kompletion.internal.policy

import java.util.concurrent.ConcurrentHashMap

/** Something for each name, which exists as long as somebody uses it. Thread-safe. */
internal class WhileUsed<T : Any>(private val make: () -> T) {
    private class Entry<T>(val value: T, var users: Int)

    private val entries = ConcurrentHashMap<String, Entry<T>>()

    /** Users of all names. */
    val users: Int get() = entries.values.sumOf { it.users }

    /** Uses what is there for [name], to be [left][leave] once; null when [most] use it already. */
    fun enter(name: String, most: Int = Int.MAX_VALUE): T? {
        var isFull = false
        val entry = entries.compute(name) { _, known ->
            val entry = known ?: Entry(make(), 0)
            isFull = entry.users >= most
            if (!isFull) entry.users++
            entry.takeIf { it.users > 0 }
        }
        return entry?.value?.takeUnless { isFull }
    }

    fun leave(name: String) {
        entries.computeIfPresent(name) { _, entry -> entry.takeIf { --it.users > 0 } }
    }
}
