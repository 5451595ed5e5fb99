package io.kompletion.testkit.contract

import io.kompletion.KompletionBuilder
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.testkit.FakeChatProvider
import kotlinx.coroutines.flow.Flow

/** A client under test, in whatever language it is written: the Kotlin face as it is, others through a thin adapter. */
public interface ChatSubject : AutoCloseable {
    public suspend fun chat(request: ChatCompletionRequest): ChatCompletionResponse

    public fun chatStream(request: ChatCompletionRequest): Flow<ChatCompletionChunk>
}

/**
 * What the contracts are run for: one provider's wire, one transport, one language.
 *
 * @property name shown before each test, e.g. `openai on okhttp from Java`
 * @property provider id of the provider in the client
 * @property model a model of it that takes sampling parameters, without the provider's name
 * @property fake starts a fake of the provider
 * @property client makes the client; the builder knows the fake's base URL and a key already
 */
public class ContractTarget(
    public val name: String,
    public val provider: String,
    public val model: String,
    public val fake: () -> FakeChatProvider,
    public val client: (KompletionBuilder) -> ChatSubject,
) {
    /** Model name as a request has it. */
    public val fullModel: String get() = "$provider/$model"
}
