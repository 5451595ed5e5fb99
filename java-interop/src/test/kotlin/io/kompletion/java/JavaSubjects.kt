package io.kompletion.java

import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.testkit.contract.ChatSubject
import io.kompletion.transport.HttpTransport
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.future.await
import kotlinx.coroutines.jdk9.asFlow
import kotlinx.coroutines.runInterruptible

/** A Java client on [transport], both closed together. */
internal abstract class JavaSubject(builder: KompletionBuilder, private val transport: HttpTransport) : ChatSubject {
    protected val client: KompletionClient = KompletionClient.of(builder.transport(transport).build())

    override fun close() {
        client.close()
        transport.close()
    }
}

/** Futures and publishers. */
internal class AsyncSubject(builder: KompletionBuilder, transport: HttpTransport) : JavaSubject(builder, transport) {
    override suspend fun chat(request: ChatCompletionRequest): ChatCompletionResponse = client.chat(request).await()

    override fun chatStream(request: ChatCompletionRequest): Flow<ChatCompletionChunk> =
        client.chatStream(request).asFlow()
}

/** Threads that wait. */
internal class BlockingSubject(builder: KompletionBuilder, transport: HttpTransport) : JavaSubject(builder, transport) {
    override suspend fun chat(request: ChatCompletionRequest): ChatCompletionResponse =
        runInterruptible(CallerThreads) { client.blocking().chat(request) }

    override fun chatStream(request: ChatCompletionRequest): Flow<ChatCompletionChunk> = flow {
        var stream: ChatStream? = null
        try {
            // Taken inside: a cancellation in the moment of returning would lose the result, and with it the open call.
            runInterruptible(CallerThreads) { stream = client.blocking().chatStream(request) }
            val chunks = checkNotNull(stream).iterator()
            while (runInterruptible(CallerThreads) { chunks.hasNext() }) emit(chunks.next())
        } finally {
            stream?.close()
        }
    }
}
