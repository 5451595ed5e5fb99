package io.kompletion.chat

/** What a message says; null of an assistant's, which has parts. */
internal val Message.body: MessageContent?
    get() = when (this) {
        is SystemMessage -> content
        is DeveloperMessage -> content
        is UserMessage -> content
        is ToolResultMessage -> content
        is FunctionMessage -> content
        is AssistantMessage -> null
    }

/** Everything that a message says; plain text and JSON are one text part. */
internal val Message.allParts: List<ContentPart> get() = if (this is AssistantMessage) parts else body?.parts.orEmpty()
