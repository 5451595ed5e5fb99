package io.kompletion.internal.call

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.provider.Target

/** Answers that need no call, the SPI of the response cache. */
internal interface CallAnswers {
    /** The answer from what is kept, or from [upstream], whose chunks and answer are kept when they may be. */
    suspend fun through(
        record: CallRecord,
        request: ChatCompletionRequest,
        targets: List<Target>,
        streaming: Boolean,
        hand: suspend (ChatCompletionChunk) -> Unit,
        upstream: suspend (suspend (ChatCompletionChunk) -> Unit) -> ChatCompletionResponse,
    ): ChatCompletionResponse
}
