package io.kompletion.internal.call

import io.kompletion.chat.ChatCompletionChunk
import kotlinx.coroutines.CancellationException

/** Whoever takes the chunks of one call, and whether it was them that ended it: by a failure of their own, or by leaving. */
internal class Collector {
    @Volatile
    var hasFailed = false
        private set

    /**
     * Hands [chunk] to [out]. What is thrown there is the collector's, but for what an interceptor throws on the way, and
     * for the end of [clocks], which stops a collector that waits, too.
     */
    suspend fun hand(chunk: ChatCompletionChunk, clocks: CallClocks?, out: suspend (ChatCompletionChunk) -> Unit) {
        try {
            out(chunk)
        } catch (e: Intercepted) {
            throw e.failure
        } catch (e: Throwable) {
            val isStopped = e is LostRace || (e is CancellationException && clocks?.hasStopped == true)
            if (!isStopped) hasFailed = true
            throw e
        }
    }
}
