package io.kompletion.internal.credential

import io.kompletion.internal.memory.LeastRecent
import java.security.MessageDigest
import java.util.Base64

/**
 * What was made from credentials, by a hash of them, so that nothing is found here that was not brought along. Those that
 * were not used for the longest time are forgotten first. Thread-safe.
 */
internal class RecentlyUsed<V : Any> {
    private val kept = LeastRecent<String, V>(MOST)

    /** The value for [credentials], made when there is none; [make] gets the hash of them. */
    fun of(vararg credentials: String, make: (String) -> V): V {
        val key = digest(credentials.joinToString("\u0000"))
        return kept[key] ?: kept.getOrPut(key, make(key))
    }

    private fun digest(text: String): String =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(text.encodeToByteArray()))

    private companion object {
        const val MOST = 256
    }
}
