package io.kompletion.internal.policy

import io.kompletion.internal.memory.LeastRecent

/** Where conversations were last answered; forgets those that are silent for long, and the oldest when there are too many. */
internal class Conversations(most: Int, private val forNanos: Long, private val nanos: () -> Long) {
    private class Place(val key: String, val since: Long)

    private val places = LeastRecent<String, Place>(most)

    fun placeOf(conversation: String): String? {
        val place = places[conversation] ?: return null
        if (nanos() - place.since < forNanos) return place.key
        places.remove(conversation, place)
        return null
    }

    fun stay(conversation: String, key: String) {
        places[conversation] = Place(key, nanos())
    }
}
