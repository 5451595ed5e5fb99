package io.kompletion.chat

import io.kompletion.chat.json.MessageSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonElement

/**
 * One turn of a conversation. In JSON chosen by `role`: `system`, `developer`, `user`, `assistant`, `tool`, `function`.
 *
 * A message that came from a provider goes back to that provider without loss.
 */
@Serializable(with = MessageSerializer::class)
public sealed interface Message {
    public val role: String

    /** Name of the speaker, where a provider distinguishes several of one role. */
    public val name: String?

    /** Where a cached prefix ends, or null. */
    public val cacheBreakpoint: CacheBreakpoint?

    /** Fields of the JSON form that have no property here; written back as they came. */
    public val extra: Map<String, JsonElement>

    /** The same message with a cached prefix ending on it; best set on the last message right before a call. */
    public fun withCacheBreakpoint(cacheBreakpoint: CacheBreakpoint?): Message
}

/** Instructions for the whole conversation. Several are kept apart where a provider can. */
@ConsistentCopyVisibility
public data class SystemMessage internal constructor(
    public val content: MessageContent,
    override val name: String? = null,
    override val cacheBreakpoint: CacheBreakpoint? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : Message {
    override val role: String get() = "system"

    override fun withCacheBreakpoint(cacheBreakpoint: CacheBreakpoint?): SystemMessage =
        copy(cacheBreakpoint = cacheBreakpoint)

    public companion object {
        @JvmSynthetic
        public operator fun invoke(content: String, cacheBreakpoint: CacheBreakpoint? = null): SystemMessage =
            SystemMessage(MessageContent.text(content), cacheBreakpoint = cacheBreakpoint)

        @JvmStatic
        public fun of(content: String): SystemMessage = SystemMessage(MessageContent.text(content))

        @JvmStatic
        @JvmOverloads
        public fun of(content: MessageContent, name: String? = null): SystemMessage = SystemMessage(content, name)
    }
}

/** Instructions of the application's developer; sent as a system message where a model has no such role. */
@ConsistentCopyVisibility
public data class DeveloperMessage internal constructor(
    public val content: MessageContent,
    override val name: String? = null,
    override val cacheBreakpoint: CacheBreakpoint? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : Message {
    override val role: String get() = "developer"

    override fun withCacheBreakpoint(cacheBreakpoint: CacheBreakpoint?): DeveloperMessage =
        copy(cacheBreakpoint = cacheBreakpoint)

    public companion object {
        @JvmSynthetic
        public operator fun invoke(content: String): DeveloperMessage = DeveloperMessage(MessageContent.text(content))

        @JvmStatic
        public fun of(content: String): DeveloperMessage = DeveloperMessage(MessageContent.text(content))

        @JvmStatic
        @JvmOverloads
        public fun of(content: MessageContent, name: String? = null): DeveloperMessage = DeveloperMessage(content, name)
    }
}

/** What the user says. */
@ConsistentCopyVisibility
public data class UserMessage internal constructor(
    public val content: MessageContent,
    override val name: String? = null,
    override val cacheBreakpoint: CacheBreakpoint? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : Message {
    override val role: String get() = "user"

    override fun withCacheBreakpoint(cacheBreakpoint: CacheBreakpoint?): UserMessage =
        copy(cacheBreakpoint = cacheBreakpoint)

    public companion object {
        @JvmSynthetic
        public operator fun invoke(content: String, cacheBreakpoint: CacheBreakpoint? = null): UserMessage =
            UserMessage(MessageContent.text(content), cacheBreakpoint = cacheBreakpoint)

        @JvmStatic
        public fun of(content: String): UserMessage = UserMessage(MessageContent.text(content))

        @JvmStatic
        @JvmOverloads
        public fun of(content: MessageContent, name: String? = null): UserMessage = UserMessage(content, name)

        @JvmStatic
        public fun of(vararg parts: ContentPart): UserMessage = UserMessage(MessageContent.parts(*parts))
    }
}

/**
 * What a tool answered.
 *
 * @property toolCallId the [ToolCall.id] that this answers
 * @property content text, parts or a JSON value
 * @property name the tool's name; needed by a few providers and looked up in the history when it is absent
 * @property isError whether the tool failed; null counts as false
 */
@ConsistentCopyVisibility
public data class ToolResultMessage internal constructor(
    public val toolCallId: String,
    public val content: MessageContent,
    override val name: String? = null,
    public val isError: Boolean? = null,
    override val cacheBreakpoint: CacheBreakpoint? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : Message {
    override val role: String get() = "tool"

    override fun withCacheBreakpoint(cacheBreakpoint: CacheBreakpoint?): ToolResultMessage =
        copy(cacheBreakpoint = cacheBreakpoint)

    public companion object {
        /** A result as text; see [MessageContent.json] for a JSON value. */
        @JvmStatic
        @JvmOverloads
        public fun of(toolCallId: String, content: String, name: String? = null): ToolResultMessage =
            ToolResultMessage(toolCallId, MessageContent.text(content), name)

        @JvmStatic
        @JvmOverloads
        public fun of(toolCallId: String, content: MessageContent, name: String? = null): ToolResultMessage =
            ToolResultMessage(toolCallId, content, name)

        /** The tool failed with this message. */
        @JvmStatic
        public fun error(toolCallId: String, message: String): ToolResultMessage =
            ToolResultMessage(toolCallId, MessageContent.text(message), isError = true)
    }
}

/** The result of a function in OpenAI's first tool API; sent as a tool result where that is gone. */
@ConsistentCopyVisibility
public data class FunctionMessage internal constructor(
    override val name: String,
    public val content: MessageContent,
    override val cacheBreakpoint: CacheBreakpoint? = null,
    override val extra: Map<String, JsonElement> = emptyMap(),
) : Message {
    override val role: String get() = "function"

    override fun withCacheBreakpoint(cacheBreakpoint: CacheBreakpoint?): FunctionMessage =
        copy(cacheBreakpoint = cacheBreakpoint)

    public companion object {
        @JvmStatic
        public fun of(name: String, content: String): FunctionMessage =
            FunctionMessage(name, MessageContent.text(content))
    }
}
