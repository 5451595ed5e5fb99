@file:UseSerializers(KeptNumbers::class)

package io.kompletion.chat

import io.kompletion.chat.json.KeptNumbers
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.UseSerializers
import kotlinx.serialization.json.JsonClassDiscriminator
import kotlinx.serialization.json.JsonElement

/**
 * One piece of a streamed answer, polymorphic on [type].
 *
 * Order in every stream, whatever the provider: any number of content, reasoning, tool-call deltas and content parts;
 * then the complete tool calls; then finish reason, usage and response. The response is always the last; a stream that
 * cannot end with one throws. Where [StreamOptions.onInterruption] asks for it, an [InterruptionChunk] stands among those
 * of the first group.
 *
 * Java callers use [ChunkVisitor] where Kotlin has `when`.
 */
@OptIn(ExperimentalSerializationApi::class)
@Serializable
@JsonClassDiscriminator("type")
public sealed interface ChatCompletionChunk {
    /** The `type` in the JSON form. */
    public val type: String

    /** Calls the method of [visitor] for this kind of chunk. */
    public fun <R> accept(visitor: ChunkVisitor<R>): R
}

/**
 * Text as it comes.
 *
 * @property choiceIndex which alternative it belongs to; 0 unless `n` asked for more than one
 * @property logprobs log probabilities of this piece in the provider's form, when they were asked for
 */
@Serializable
@SerialName("content_delta")
public data class AssistantMessageDeltaChunk @JvmOverloads constructor(
    public val content: String,
    @SerialName("choice_index") public val choiceIndex: Int = 0,
    public val logprobs: JsonElement? = null,
) : ChatCompletionChunk {
    override val type: String get() = "content_delta"

    override fun <R> accept(visitor: ChunkVisitor<R>): R = visitor.content(this)
}

/** A complete sentence, cleaned for speech when that was asked for. */
@Serializable
@SerialName("content_sentence")
public data class AssistantMessageSentenceChunk @JvmOverloads constructor(
    public val sentence: String,
    @SerialName("choice_index") public val choiceIndex: Int = 0,
) : ChatCompletionChunk {
    override val type: String get() = "content_sentence"

    override fun <R> accept(visitor: ChunkVisitor<R>): R = visitor.sentence(this)
}

/** Reasoning as it comes; never part of the answer's text. */
@Serializable
@SerialName("reasoning_delta")
public data class ReasoningDeltaChunk @JvmOverloads constructor(
    public val reasoning: String,
    @SerialName("choice_index") public val choiceIndex: Int = 0,
) : ChatCompletionChunk {
    override val type: String get() = "reasoning_delta"

    override fun <R> accept(visitor: ChunkVisitor<R>): R = visitor.reasoning(this)
}

/** A refusal as it comes; never part of the answer's text. */
@Serializable
@SerialName("refusal_delta")
public data class RefusalDeltaChunk @JvmOverloads constructor(
    public val refusal: String,
    @SerialName("choice_index") public val choiceIndex: Int = 0,
) : ChatCompletionChunk {
    override val type: String get() = "refusal_delta"

    override fun <R> accept(visitor: ChunkVisitor<R>): R = visitor.refusal(this)
}

/**
 * A piece of a tool call, to show progress. Not to be executed: wait for the [ToolCallChunk].
 *
 * @property index place of the call among those of the choice, from 0
 * @property id the call's id, on the piece that begins it
 * @property name the tool's name, on the piece that brings it
 * @property arguments the next piece of the arguments' text
 */
@Serializable
@SerialName("tool_call_delta")
public data class ToolCallDeltaChunk @JvmOverloads constructor(
    public val index: Int,
    public val id: String? = null,
    public val name: String? = null,
    public val arguments: String = "",
    @SerialName("choice_index") public val choiceIndex: Int = 0,
) : ChatCompletionChunk {
    override val type: String get() = "tool_call_delta"

    override fun <R> accept(visitor: ChunkVisitor<R>): R = visitor.toolCallDelta(this)
}

/** A complete tool call; its arguments are a JSON object (or free text for a custom tool). */
@Serializable
@SerialName("tool_call")
public data class ToolCallChunk @JvmOverloads constructor(
    @SerialName("tool_call") public val toolCall: ToolCall,
    @SerialName("choice_index") public val choiceIndex: Int = 0,
) : ChatCompletionChunk {
    override val type: String get() = "tool_call"

    override fun <R> accept(visitor: ChunkVisitor<R>): R = visitor.toolCall(this)
}

/** An image, a piece of speech, a citation or a part that this version does not know. */
@Serializable
@SerialName("content_part")
public data class ContentPartChunk @JvmOverloads constructor(
    public val part: ContentPart,
    @SerialName("choice_index") public val choiceIndex: Int = 0,
) : ChatCompletionChunk {
    override val type: String get() = "content_part"

    override fun <R> accept(visitor: ChunkVisitor<R>): R = visitor.contentPart(this)
}

/**
 * The stream broke off and goes on. It comes only where [StreamOptions.onInterruption] is not [OnInterruption.FAIL].
 *
 * With [isRestart] everything that was handed over before is void, and the answer begins anew: drop what you have
 * collected. Without it the text goes on where it stopped.
 *
 * @property reason why it broke off, in words
 * @property provider id of the provider that the call goes to next, which may be the same
 * @property model the model there, as the provider names it
 */
@Serializable
@SerialName("interruption")
public data class InterruptionChunk(
    @SerialName("is_restart") public val isRestart: Boolean,
    public val reason: String,
    public val provider: String,
    public val model: String,
) : ChatCompletionChunk {
    override val type: String get() = "interruption"

    override fun <R> accept(visitor: ChunkVisitor<R>): R = visitor.interruption(this)
}

/** Why an alternative ended. */
@Serializable
@SerialName("finish_reason")
public data class FinishReasonChunk @JvmOverloads constructor(
    @SerialName("finish_reason") public val finishReason: FinishReason,
    @SerialName("native_finish_reason") public val nativeFinishReason: String? = null,
    @SerialName("choice_index") public val choiceIndex: Int = 0,
) : ChatCompletionChunk {
    override val type: String get() = "finish_reason"

    override fun <R> accept(visitor: ChunkVisitor<R>): R = visitor.finishReason(this)
}

/** Tokens of the whole call; absent when the provider does not count. */
@Serializable
@SerialName("usage")
public data class UsageChunk(public val usage: Usage) : ChatCompletionChunk {
    override val type: String get() = "usage"

    override fun <R> accept(visitor: ChunkVisitor<R>): R = visitor.usage(this)
}

/** The whole answer; always the last chunk. */
@Serializable
@SerialName("response")
public data class FinalResponseChunk(public val response: ChatCompletionResponse) : ChatCompletionChunk {
    override val type: String get() = "response"

    override fun <R> accept(visitor: ChunkVisitor<R>): R = visitor.response(this)
}

/**
 * A chunk of a later version, read from JSON.
 *
 * @property raw the chunk as it was written
 */
@Serializable(with = UnknownChunkSerializer::class)
public data class UnknownChunk(override val type: String, public val raw: Map<String, JsonElement>) :
    ChatCompletionChunk {
    override fun <R> accept(visitor: ChunkVisitor<R>): R = visitor.unknown(this)
}
