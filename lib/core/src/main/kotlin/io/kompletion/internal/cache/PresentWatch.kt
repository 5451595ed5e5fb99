package io.kompletion.internal.cache

import io.kompletion.error.StateUnavailableException

/** Tells [watch] only while its call is there: a shared call may go on after the one that began it has ended. */
internal class PresentWatch(private val watch: CacheWatch, private val isPresent: () -> Boolean) : CacheWatch {
    override fun found(isShared: Boolean, isSemantic: Boolean) {
        if (isPresent()) watch.found(isShared, isSemantic)
    }

    override fun missed() {
        if (isPresent()) watch.missed()
    }

    override fun unavailable(failure: StateUnavailableException) {
        if (isPresent()) watch.unavailable(failure)
    }

    override fun meaningUnknown(reason: String, cause: Exception?) {
        if (isPresent()) watch.meaningUnknown(reason, cause)
    }
}
