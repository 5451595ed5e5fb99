package io.kompletion.testkit

import io.kompletion.chat.ToolChoice
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/**
 * One valid request to a fake provider, read in the terms of the conversation.
 *
 * @property http the request as it came: target, headers, body, bytes sent back
 * @property body the body as a JSON tree; Java callers may rather read [bodyText]
 * @property index counts the valid requests of a fake from 0
 * @property model the model asked
 * @property isStreaming true when a stream was asked for
 * @property lastUserText the text of the last user message, empty when there is none
 * @property toolResults results of tools that came after the last user message, in order
 */
public class FakeRequest internal constructor(
    public val http: LoopbackRequest,
    public val body: Map<String, JsonElement>,
    public val index: Int,
    public val model: String,
    public val isStreaming: Boolean,
    public val lastUserText: String,
    public val toolResults: List<FakeToolResult>,
    internal val wishes: FakeWishes,
) {
    /** The body as it came. */
    public val bodyText: String get() = http.bodyText

    /** The names of the tools the model may call now; empty when tool choice forbids any. */
    public val toolNames: List<String> get() = wishes.tools.map { it.name }

    /** What the request says about calling tools; null when it says nothing. */
    public val toolChoice: ToolChoice? get() = wishes.toolChoice

    override fun toString(): String = "FakeRequest($index, $model, ${if (isStreaming) "stream" else "whole"})"
}

/**
 * The result of a tool call that a request carries.
 *
 * @property callId which call it answers
 * @property toolName the tool that was called, empty when the request does not tell
 * @property content the result as text
 */
public class FakeToolResult internal constructor(
    public val callId: String,
    public val toolName: String,
    public val content: String,
) {
    override fun toString(): String = "FakeToolResult($callId, $toolName)"
}

/** What the unscripted model has to look at beyond the conversation. */
internal class FakeWishes(
    val tools: List<FakeTool>,
    val toolChoice: ToolChoice?,
    val jsonSchema: JsonObject?,
    val anyJson: Boolean,
    val choices: Int,
    val includeUsage: Boolean,
)

/** A tool on offer. */
internal class FakeTool(val name: String, val description: String, val parameters: JsonObject)
