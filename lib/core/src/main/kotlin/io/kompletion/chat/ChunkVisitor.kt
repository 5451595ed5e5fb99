package io.kompletion.chat

/**
 * A method for each kind of chunk. Every method but [other] falls back to [other], so a visitor overrides what it
 * wants:
 *
 * ```java
 * chunk.accept(new ChunkVisitor<Void>() {
 *     @Override public Void content(AssistantMessageDeltaChunk c) { System.out.print(c.getContent()); return null; }
 *     @Override public Void other(ChatCompletionChunk c) { return null; }
 * });
 * ```
 */
public interface ChunkVisitor<R> {
    public fun content(chunk: AssistantMessageDeltaChunk): R = other(chunk)

    public fun sentence(chunk: AssistantMessageSentenceChunk): R = other(chunk)

    public fun reasoning(chunk: ReasoningDeltaChunk): R = other(chunk)

    public fun refusal(chunk: RefusalDeltaChunk): R = other(chunk)

    public fun toolCallDelta(chunk: ToolCallDeltaChunk): R = other(chunk)

    public fun toolCall(chunk: ToolCallChunk): R = other(chunk)

    public fun contentPart(chunk: ContentPartChunk): R = other(chunk)

    /** The stream broke off and goes on; with `isRestart` drop what was collected before. */
    public fun interruption(chunk: InterruptionChunk): R = other(chunk)

    public fun finishReason(chunk: FinishReasonChunk): R = other(chunk)

    public fun usage(chunk: UsageChunk): R = other(chunk)

    public fun response(chunk: FinalResponseChunk): R = other(chunk)

    public fun unknown(chunk: UnknownChunk): R = other(chunk)

    /** Every kind without a method of its own, also kinds of later versions. */
    public fun other(chunk: ChatCompletionChunk): R
}
