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
 * @property givesCallIds whether the wire has ids of tool calls; where it has none, the library makes them
 * @property tellsReasoningTokens whether the wire counts reasoning apart from the rest of an answer
 * @property tellsCachedTokens whether the wire counts what was read from a cache
 */
public class ContractTarget private constructor(
    public val name: String,
    public val provider: String,
    public val model: String,
    public val fake: () -> FakeChatProvider,
    public val client: (KompletionBuilder) -> ChatSubject,
    public val givesCallIds: Boolean,
    public val tellsReasoningTokens: Boolean,
    public val tellsCachedTokens: Boolean,
) {
    public constructor(
        name: String,
        provider: String,
        model: String,
        fake: () -> FakeChatProvider,
        client: (KompletionBuilder) -> ChatSubject,
    ) : this(
        name,
        provider,
        model,
        fake,
        client,
        givesCallIds = true,
        tellsReasoningTokens = true,
        tellsCachedTokens = true,
    )

    /** The same for a wire that has no ids of tool calls. */
    public fun withoutCallIds(): ContractTarget = ContractTarget(
        name,
        provider,
        model,
        fake,
        client,
        givesCallIds = false,
        tellsReasoningTokens,
        tellsCachedTokens,
    )

    /** The same for a wire that does not count reasoning apart from the rest of an answer. */
    public fun withoutReasoningTokens(): ContractTarget = ContractTarget(
        name,
        provider,
        model,
        fake,
        client,
        givesCallIds,
        tellsReasoningTokens = false,
        tellsCachedTokens,
    )

    /** The same for a wire that does not count what was read from a cache. */
    public fun withoutCachedTokens(): ContractTarget = ContractTarget(
        name,
        provider,
        model,
        fake,
        client,
        givesCallIds,
        tellsReasoningTokens,
        tellsCachedTokens = false,
    )

    /** Model name as a request has it. */
    public val fullModel: String get() = "$provider/$model"
}
