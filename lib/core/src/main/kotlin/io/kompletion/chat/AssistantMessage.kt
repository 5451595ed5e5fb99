package io.kompletion.chat

import kotlinx.serialization.json.JsonElement

/**
 * What the model said.
 *
 * [parts] is the truth, in the order in which the model produced them; [content], [reasoning], [toolCalls], [refusal]
 * and [thoughtSignature] are views on it.
 *
 * @property provider who answered; null for a message that the caller wrote
 * @property model which model answered
 */
@ConsistentCopyVisibility
public data class AssistantMessage internal constructor(
    public val parts: List<ContentPart>,
    override val name: String? = null,
    override val cacheBreakpoint: CacheBreakpoint? = null,
    public val provider: String? = null,
    public val model: String? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : Message {
    override val role: String get() = "assistant"

    /** All text joined, or null when there is none. */
    public val content: String? get() = joined { (it as? TextPart)?.text }

    /** All readable reasoning joined, or null when there is none. */
    public val reasoning: String? get() = joined { (it as? ReasoningPart)?.text }

    /** The calls in order; empty when there are none. */
    public val toolCalls: List<ToolCall> get() = parts.mapNotNull { (it as? ToolCallPart)?.toolCall }

    /** Why the model declined, or null when it did not. */
    public val refusal: String? get() = joined { (it as? RefusalPart)?.refusal }

    /** Gemini's signature on the text of this message, or null. */
    public val thoughtSignature: String? get() = parts.firstNotNullOfOrNull { (it as? TextPart)?.thoughtSignature }

    /** Speech that the model answered, or null. */
    public val audio: AudioPart? get() = parts.firstNotNullOfOrNull { it as? AudioPart }

    /** Every source that the model names, in order. */
    public val citations: List<Citation>
        get() = parts.flatMap {
            when (it) {
                is TextPart -> it.citations
                is CitationPart -> listOf(it.citation)
                else -> emptyList()
            }
        }

    private inline fun joined(text: (ContentPart) -> String?): String? {
        var joined: StringBuilder? = null
        for (part in parts) text(part)?.let { joined = (joined ?: StringBuilder()).append(it) }
        return joined?.toString()?.takeIf { it.isNotEmpty() }
    }

    override fun withCacheBreakpoint(cacheBreakpoint: CacheBreakpoint?): AssistantMessage =
        copy(cacheBreakpoint = cacheBreakpoint)

    public companion object {
        @JvmSynthetic
        public operator fun invoke(content: String?, toolCalls: List<ToolCall> = emptyList()): AssistantMessage =
            of(content, toolCalls)

        @JvmStatic
        @JvmOverloads
        public fun of(content: String?, toolCalls: List<ToolCall> = emptyList()): AssistantMessage =
            AssistantMessage(listOfNotNull(content?.let(::TextPart)) + toolCalls.map(::ToolCallPart))

        @JvmStatic
        public fun of(parts: List<ContentPart>): AssistantMessage = AssistantMessage(parts.toList())
    }
}
