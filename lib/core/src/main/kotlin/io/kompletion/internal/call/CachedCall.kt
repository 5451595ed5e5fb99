package io.kompletion.internal.call

import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.error.StateUnavailableException
import io.kompletion.internal.cache.CacheWatch
import io.kompletion.listen.CallEvent

/** Tells the listeners of one call what the cache does for it. */
internal class CachedCall(private val record: CallRecord) : CacheWatch {
    override fun found(isShared: Boolean, isSemantic: Boolean) =
        record.tell { CallEvent.CacheHit(record.id, isShared, isSemantic) }

    override fun missed() = record.tell { CallEvent.CacheMiss(record.id) }

    override fun unavailable(failure: StateUnavailableException) =
        record.tell { CallEvent.StateUnavailable(record.id, "cache", failure, isLetThrough = true) }

    override fun meaningUnknown(reason: String, cause: Exception?) =
        record.tell { CallEvent.CacheMeaningUnknown(record.id, reason, cause) }

    override fun seal(response: ChatCompletionResponse): ChatCompletionResponse = record.timed(response)
}
