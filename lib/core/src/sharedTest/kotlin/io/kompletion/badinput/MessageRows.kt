package io.kompletion.badinput

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.CacheBreakpoint
import io.kompletion.chat.MessageContent
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCall
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage

internal const val CLAUDE = "anthropic/claude-haiku-4-5"
internal const val CLAUDE_OPUS = "anthropic/claude-opus-4-8"
internal const val GEMINI_FLASH = "google/gemini-2.5-flash"

private fun calls(vararg ids: String) = AssistantMessage.of("", ids.map { ToolCall.of(it, "f", "{}") })

/** Conversations: what is in them, in which order. */
internal val messageRows = listOf(
    invalid("no messages", "messages", "messages is empty; add at least one user message") {},
    invalid("only instructions", "messages", "messages has only instructions; add at least one user message") {
        system("Be brief.")
    },
    invalid(
        "the beginning of an answer where the model takes none",
        "messages",
        "claude-opus-4-8 does not accept the beginning of an answer as last message; end with a user message",
        model = CLAUDE_OPUS,
    ) {
        user("Hi")
        assistant("Well,")
    },
    invalid(
        "a result without a call",
        "messages[1].tool_call_id",
        "messages[1].tool_call_id \"x\" matches no open tool call before it; open: []",
    ) {
        user("Hi")
        toolResult("x", "1")
    },
    invalid(
        "a call without a result before the next turn",
        "messages[1]",
        "messages[1] calls a tool with id \"a\" that has no result; add a ToolResultMessage after it",
    ) {
        user("Hi")
        message(calls("a"))
        user("and?")
    },
    invalid("a call without a result at the end", "messages[1]", "id \"b\" that has no result") {
        user("Hi")
        message(calls("a", "b"))
        message(ToolResultMessage.of("a", "1"))
    },
    invalid("two calls of one id", "messages[1].tool_calls[1].id", "messages[1].tool_calls[1].id repeats \"a\"") {
        user("Hi")
        message(calls("a", "a"))
    },
    invalid(
        "a call without an id",
        "messages[1].tool_calls[0].id",
        "messages[1].tool_calls[0].id is empty; its result could not be matched",
    ) {
        user("Hi")
        message(calls(""))
    },
    invalid(
        "arguments of a call that are no JSON",
        "messages[1].parts[1]",
        "the arguments of the call of \"f\" are no JSON object",
        model = CLAUDE,
    ) {
        user("Hi")
        message(AssistantMessage.of("", listOf(ToolCall.of("a", "f", "{oh"))))
        toolResult("a", "1")
    },
    invalid(
        "half a character",
        "messages[0].content",
        "messages[0].content has an unpaired surrogate at index 4, which is no text; was a string cut in the middle of a character?",
    ) {
        user("cut \uD83D")
    },
    invalid("half a character in a part", "messages[0].content[0]", "unpaired surrogate at index 0") {
        user(TextPart.of("\uDE00x"))
    },
    invalid("half a character in arguments", "messages[1].parts[1].arguments", "unpaired surrogate at index 6") {
        user("Hi")
        message(AssistantMessage.of("", listOf(ToolCall.of("a", "f", "{\"x\":\"\uD83D\"}"))))
        toolResult("a", "1")
    },
    invalid("half a character in a result", "messages[2].content", "unpaired surrogate at index 0") {
        user("Hi")
        message(calls("a"))
        toolResult("a", "\uD83D")
    },
    invalid("half a character in a JSON result", "messages[2].content", "unpaired surrogate at index 0") {
        user("Hi")
        message(calls("a"))
        message(ToolResultMessage.of("a", MessageContent.json("{\"x\": \"\uD83D\"}")))
    },
    invalid(
        "half a character in the words that end an answer",
        "stop[0]",
        "stop[0] has an unpaired surrogate at index 0",
    ) {
        user("Hi")
        stop("\uD83D")
    },
    invalid("half a character in a description", "tools[0].description", "unpaired surrogate") {
        user("Hi")
        tool(ToolDefinition.function("f", "\uD83D"))
    },
    invalid(
        "nothing but empty text where the provider takes none",
        "messages",
        "messages have no content; anthropic needs at least one text, image or document that is not empty",
        model = CLAUDE,
    ) {
        user("")
    },
    invalid(
        "nothing but empty text for Gemini",
        "messages",
        "messages have no content; google needs at least one text or file that is not empty",
        model = GEMINI_FLASH,
    ) {
        user("")
    },
    invalid(
        "five cache breakpoints",
        "messages[4]",
        "5 cache breakpoints, at most 4 are allowed: at messages[0], messages[1]",
    ) {
        repeat(5) { message(UserMessage("m$it", CacheBreakpoint.FIVE_MINUTES)) }
    },
    invalid(
        "an hour after five minutes",
        "messages[1]",
        "a cache breakpoint for 1h must stand before those for 5m (order: tools, system, messages)",
    ) {
        message(SystemMessage("s", CacheBreakpoint.FIVE_MINUTES))
        message(UserMessage("u", CacheBreakpoint.ONE_HOUR))
    },
    invalid(
        "a cache breakpoint of a day",
        "messages[0].content[0].cache_breakpoint",
        "ttl must be \"5m\" or \"1h\", got \"24h\"",
    ) {
        user(TextPart.of("x", CacheBreakpoint("24h")))
    },
)
