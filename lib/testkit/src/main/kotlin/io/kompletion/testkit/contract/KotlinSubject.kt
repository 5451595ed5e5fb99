package io.kompletion.testkit.contract

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.HttpTransportFactory
import io.kompletion.transport.TransportSettings
import kotlinx.coroutines.flow.Flow

/** The Kotlin client on a transport of its own, both closed together. */
public class KotlinSubject(builder: KompletionBuilder, factory: HttpTransportFactory) : ChatSubject {
    private val transport: HttpTransport = factory.create(TransportSettings.DEFAULT)
    private val client: Kompletion = builder.transport(transport).build()

    override suspend fun chat(request: ChatCompletionRequest): ChatCompletionResponse = client.chat(request)

    override fun chatStream(request: ChatCompletionRequest): Flow<ChatCompletionChunk> = client.chatStream(request)

    override fun close() {
        client.close()
        transport.close()
    }
}
