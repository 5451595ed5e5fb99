package io.kompletion.testkit.cohere

import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.array
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.doubleOrNull

/** Throws what Cohere's server says to a body that breaks its rules; those a client library is likely to break. */
internal fun checkCohereRequest(body: JsonObject) {
    if (body.text("model").isNullOrEmpty()) refuse("invalid request: model is required")
    if (body.array("messages").isNullOrEmpty()) refuse("invalid request: messages must be at least 1 element long")
    (body.keys - FIELDS).firstOrNull()?.let { refuse("unknown field: parameter '$it' is not a valid field") }
    for ((name, range) in RANGES) {
        val value = (body[name] as? JsonPrimitive)?.doubleOrNull ?: continue
        if (value !in range) refuse("invalid request: $name must be between ${range.start} and ${range.endInclusive}")
    }
    val choice = body.text("tool_choice")
    if (choice != null && choice !in CHOICES) refuse("invalid request: tool_choice must be one of $CHOICES")
    if (choice != null && body.array("tools").isNullOrEmpty()) {
        refuse("invalid request: tool_choice requires tools to be set")
    }
    checkMessages(body.objects("messages"))
}

private fun checkMessages(messages: List<JsonObject>) {
    var calls = emptySet<String>()
    messages.forEachIndexed { index, message ->
        when (val role = message.text("role")) {
            "assistant" -> calls = message.objects("tool_calls").mapNotNull { it.text("id") }.toSet()

            "tool" -> if (message.text("tool_call_id") !in calls) {
                refuse("invalid request: tool message at messages[$index] has no tool call in the message before it")
            }

            !in ROLES -> refuse("invalid request: messages[$index] has the invalid role '$role'")
        }
        if (message.text("role") == "user" && "content" !in message) {
            refuse("invalid request: messages[$index] has no content")
        }
    }
}

private fun refuse(message: String): Nothing = throw RefusedException(400, message)

private val ROLES = setOf("system", "user")
private val CHOICES = setOf("REQUIRED", "NONE")
private val RANGES = mapOf(
    "p" to 0.01..0.99,
    "k" to 0.0..500.0,
    "frequency_penalty" to 0.0..1.0,
    "presence_penalty" to 0.0..1.0,
)
private val FIELDS = setOf(
    "model", "messages", "stream", "tools", "tool_choice", "strict_tools", "documents", "citation_options",
    "response_format", "safety_mode", "max_tokens", "stop_sequences", "temperature", "seed", "frequency_penalty",
    "presence_penalty", "k", "p", "logprobs", "thinking", "priority",
)
