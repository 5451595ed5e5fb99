package io.kompletion.testkit.conformance

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.error.KompletionException

/** What became of a call: an answer or a failure, and what was streamed before it. */
internal class Outcome(
    val response: ChatCompletionResponse?,
    val failure: KompletionException?,
    val chunks: List<ChatCompletionChunk>,
)

/** Asks, in a stream or not; only failures of the library are outcomes. */
internal suspend fun Kompletion.outcome(request: ChatCompletionRequest, streaming: Boolean): Outcome {
    val chunks = ArrayList<ChatCompletionChunk>()
    return try {
        if (streaming) {
            chatStream(request).collect(chunks::add)
            Outcome((chunks.lastOrNull() as? FinalResponseChunk)?.response, null, chunks)
        } else {
            Outcome(chat(request), null, chunks)
        }
    } catch (e: KompletionException) {
        Outcome(null, e, chunks)
    }
}
