package io.kompletion.internal.cache

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Cost
import io.kompletion.chat.FinalResponseChunk
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive

/**
 * An answer as it is given again.
 *
 * @property response without what belongs to the call that brought it
 * @property chunks of a stream, but for the last one, which has the response; null of a whole answer
 */
internal class KeptAnswer(val response: ChatCompletionResponse, val chunks: List<ChatCompletionChunk>?) {
    /** Gives the answer to a call, chunk by chunk as they were cut at first. */
    suspend fun play(watch: CacheWatch, emit: suspend (ChatCompletionChunk) -> Unit): ChatCompletionResponse {
        for (chunk in chunks.orEmpty()) {
            currentCoroutineContext().ensureActive()
            emit(chunk)
        }
        val sealed = watch.seal(response)
        if (chunks != null) emit(FinalResponseChunk(sealed))
        return sealed
    }

    companion object {
        private val FREE = Cost(emptyMap(), listOf("answered by the response cache: nothing was billed"))

        fun of(response: ChatCompletionResponse, chunks: List<ChatCompletionChunk>?): KeptAnswer =
            KeptAnswer(free(response), chunks?.filter { it !is FinalResponseChunk })

        /** [response] for a call that did not pay for it. */
        fun free(response: ChatCompletionResponse): ChatCompletionResponse = response.copy(
            cached = true,
            cost = FREE,
            costUnknownReason = null,
            latency = null,
            timeToFirstChunk = null,
            attempts = emptyList(),
            rateLimits = null,
        )
    }
}
