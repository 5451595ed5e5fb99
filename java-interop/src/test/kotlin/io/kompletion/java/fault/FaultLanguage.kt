package io.kompletion.java.fault

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.java.AsyncSubject
import io.kompletion.java.BlockingSubject
import io.kompletion.testkit.contract.ChatSubject
import io.kompletion.transport.HttpTransport
import kotlinx.coroutines.flow.Flow

/** The faces of the client: coroutines, futures and publishers, threads that wait. */
internal enum class FaultLanguage(
    val title: String,
    val client: (KompletionBuilder, HttpTransport) -> ChatSubject,
) {
    KOTLIN("Kotlin", ::CoroutineSubject),
    JAVA("Java", ::AsyncSubject),
    BLOCKING("blocking", ::BlockingSubject),
    ;

    override fun toString(): String = title
}

/** The Kotlin client on [transport], both closed together. */
private class CoroutineSubject(builder: KompletionBuilder, private val transport: HttpTransport) : ChatSubject {
    private val client: Kompletion = builder.transport(transport).build()

    override suspend fun chat(request: ChatCompletionRequest): ChatCompletionResponse = client.chat(request)

    override fun chatStream(request: ChatCompletionRequest): Flow<ChatCompletionChunk> = client.chatStream(request)

    override fun close() {
        client.close()
        transport.close()
    }
}
