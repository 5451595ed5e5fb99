package io.kompletion.internal.cache

import io.kompletion.chat.ChatCompletionChunk

/** Collects the chunks of a stream aside, until they are more than may be kept. */
internal class Recording(isStreaming: Boolean, private var left: Int) {
    /** Null of a whole answer, and of one that is too large. */
    var chunks: MutableList<ChatCompletionChunk>? = if (isStreaming) ArrayList() else null
        private set

    /** Whether nothing is missing. */
    var isWhole = true
        private set

    fun add(chunk: ChatCompletionChunk) {
        val collected = chunks ?: return
        left -= Weight.of(chunk)
        if (left >= 0) {
            collected += chunk
        } else {
            isWhole = false
            chunks = null
        }
    }
}
