package io.kompletion.redis.internal

/** The names of everything. The prefix is a hash tag, so that one script may use several keys in a cluster. */
internal class RedisKeys(prefix: String) {
    private val tag = "{$prefix}"

    fun window(key: String): List<String> = listOf("$tag:rate:moments:$key", "$tag:rate:amounts:$key")

    fun account(key: String): List<String> =
        listOf("$tag:budget:purse:$key", "$tag:budget:leases:$key", "$tag:budget:charged:$key")

    fun target(key: String): List<String> = listOf("$tag:cooldown:health:$key", "$tag:cooldown:probes:$key")

    fun flight(key: String): List<String> = listOf("$tag:flight:$key")

    fun cached(key: String): String = cachedPrefix + key

    /** Matches what [cached] gives, and nothing else. */
    val allCached: String
        get() = buildString {
            for (char in cachedPrefix) {
                if (char in SPECIAL) append('\\')
                append(char)
            }
            append('*')
        }

    private val cachedPrefix = "$tag:cache:"

    private companion object {
        /** What means something in a pattern of SCAN. */
        const val SPECIAL = "\\*?[]^"
    }
}
