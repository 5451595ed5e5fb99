package io.kompletion.internal.policy

/** Where conversations were last answered; forgets those that are silent for long, and the oldest when there are too many. */
internal class Conversations(private val most: Int, private val forNanos: Long, private val nanos: () -> Long) {
    private class Place(val key: String, val since: Long)

    private val places = object : LinkedHashMap<String, Place>(16, 0.75f, true) {
        override fun removeEldestEntry(eldest: Map.Entry<String, Place>): Boolean = size > most
    }

    @Synchronized
    fun placeOf(conversation: String): String? {
        val place = places[conversation] ?: return null
        if (nanos() - place.since < forNanos) return place.key
        places.remove(conversation)
        return null
    }

    @Synchronized
    fun stay(conversation: String, key: String) {
        places[conversation] = Place(key, nanos())
    }
}
