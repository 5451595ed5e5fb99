package io.kompletion.testkit.internal

import io.kompletion.testkit.FakeTool
import io.kompletion.testkit.FakeToolResult
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject

/** The functions among the tools of a request that has them as OpenAI does, as many servers copied it. */
internal fun functionTools(body: JsonObject): List<FakeTool> =
    body.objects("tools").mapNotNull { it.obj("function") }.map {
        FakeTool(it.text("name").orEmpty(), it.text("description").orEmpty(), it.obj("parameters") ?: NO_PARAMETERS)
    }

/** Content is a string or a list of parts, of which the texts count. */
internal fun contentText(message: JsonObject): String = when (message["content"]) {
    is JsonArray -> message.array("content").orEmpty().filterIsInstance<JsonObject>()
        .mapNotNull { it.text("text") }.joinToString("")

    else -> message.text("content").orEmpty()
}

/** The result in a message of role `tool`, with the name of the tool that one of [messages] called. */
internal fun callResult(message: JsonObject, messages: List<JsonObject>): FakeToolResult {
    val id = message.text("tool_call_id").orEmpty()
    val call = messages.flatMap { it.objects("tool_calls") }.lastOrNull { it.text("id") == id }
    return FakeToolResult(id, call?.obj("function")?.text("name").orEmpty(), contentText(message))
}

/** The key that a request carries as bearer; null when there is none. */
internal fun bearer(http: LoopbackRequest): String? =
    http.header("authorization")?.takeIf { it.startsWith("Bearer ") }?.substring(7)?.trim()?.ifEmpty { null }
