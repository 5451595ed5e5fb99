package io.kompletion.micrometer.internal

import java.util.concurrent.ConcurrentHashMap

/** Tells the first [most] models apart and calls all others alike, since anybody may write any name into a request. */
internal class ModelNames(private val most: Int) {
    private val known = ConcurrentHashMap.newKeySet<Asked>()

    fun of(target: Asked): String = when {
        target.model.isEmpty() -> NONE
        target in known || admit(target) -> target.model
        else -> OTHER
    }

    @Synchronized
    private fun admit(target: Asked) = target in known || (known.size < most && known.add(target))

    private companion object {
        const val NONE = "none"
        const val OTHER = "other"
    }
}
