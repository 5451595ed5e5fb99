package io.kompletion.chat

import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/**
 * What the model thought, or a summary of it.
 *
 * @property text readable reasoning; may be empty when only a signature is given
 * @property signature opaque proof that the provider wants back unchanged with the tool results of the turn
 * @property provider who made it; a codec sends it to nobody else
 * @property model which model made it, because some signatures are bound to one
 */
@ConsistentCopyVisibility
public data class ReasoningPart internal constructor(
    public val text: String,
    public val signature: String? = null,
    public val provider: String? = null,
    public val model: String? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : ContentPart {
    override val type: String get() = "reasoning"

    public companion object {
        @JvmStatic
        @JvmOverloads
        public fun of(text: String, signature: String? = null): ReasoningPart = ReasoningPart(text, signature)
    }
}

/** Reasoning that the provider encrypted; sent back as it is. */
@ConsistentCopyVisibility
public data class RedactedReasoningPart internal constructor(
    public val data: String,
    public val provider: String? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : ContentPart {
    override val type: String get() = "redacted_reasoning"

    public companion object {
        @JvmStatic
        public fun of(data: String): RedactedReasoningPart = RedactedReasoningPart(data)
    }
}

/** A tool call at its place between the other parts. */
@ConsistentCopyVisibility
public data class ToolCallPart internal constructor(
    public val toolCall: ToolCall,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : ContentPart {
    override val type: String get() = "tool_call"

    public companion object {
        @JvmStatic
        public fun of(toolCall: ToolCall): ToolCallPart = ToolCallPart(toolCall)
    }
}

/**
 * A tool call that cannot be executed: cut off by the token limit, or with arguments that are no JSON object. It is
 * reported and not among [AssistantMessage.toolCalls]; [FunctionCall.rawArguments] holds what came.
 */
@ConsistentCopyVisibility
public data class IncompleteToolCallPart internal constructor(
    public val toolCall: ToolCall,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : ContentPart {
    override val type: String get() = "incomplete_tool_call"
}

/** The model declined; not an answer to be parsed. */
@ConsistentCopyVisibility
public data class RefusalPart internal constructor(
    public val refusal: String,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : ContentPart {
    override val type: String get() = "refusal"

    public companion object {
        @JvmStatic
        public fun of(refusal: String): RefusalPart = RefusalPart(refusal)
    }
}

/** A source that belongs to the whole answer rather than to one text part. */
@ConsistentCopyVisibility
public data class CitationPart internal constructor(
    public val citation: Citation,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : ContentPart {
    override val type: String get() = "citation"

    public companion object {
        @JvmStatic
        public fun of(citation: Citation): CitationPart = CitationPart(citation)
    }
}

/**
 * A part that this version has no type for, kept whole: a server tool's call and result, a new kind of block.
 *
 * @property raw the part as the provider wrote it
 * @property provider who wrote it; sent back to nobody else; null for a part that the caller made
 */
@ConsistentCopyVisibility
public data class UnknownPart internal constructor(
    override val type: String,
    public val raw: JsonElement,
    public val provider: String? = null,
) : ContentPart {
    override val extra: Map<String, JsonElement> get() = emptyMap()
    override val cacheBreakpoint: CacheBreakpoint? get() = null

    public companion object {
        /** A part in a provider's own JSON form, with a `type`. */
        @JvmStatic
        @JvmOverloads
        public fun of(raw: JsonElement, provider: String? = null): UnknownPart {
            val fields = raw as? JsonObject ?: throw IllegalArgumentException("a content part must be a JSON object")
            val type = fields["type"]?.toString()?.trim('"')
            require(!type.isNullOrEmpty()) { "a content part must have a \"type\"" }
            return UnknownPart(type, fields, provider)
        }
    }
}
