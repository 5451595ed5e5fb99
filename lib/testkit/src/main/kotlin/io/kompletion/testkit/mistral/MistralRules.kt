package io.kompletion.testkit.mistral

import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonObject

/** Throws what Mistral's server says to a body with fields of other servers, or with ids of theirs. */
internal fun checkMistralRequest(body: JsonObject) {
    (body.keys - FIELDS).firstOrNull()?.let { refuse("Extra inputs are not permitted", it) }
    body.objects("messages").forEachIndexed { index, message ->
        val allowed = MESSAGE_FIELDS[message.text("role")] ?: return@forEachIndexed
        (message.keys - allowed).firstOrNull()?.let {
            refuse("Extra inputs are not permitted", "messages[$index].$it")
        }
        val ids = message.objects("tool_calls").map { it.text("id") } + listOfNotNull(message.text("tool_call_id"))
        ids.firstOrNull { !CALL_ID.matches(it.orEmpty()) }?.let { id ->
            refuse("Tool call id was $id but must be a-z, A-Z, 0-9, with a length of 9.", "messages[$index]")
        }
    }
}

private fun refuse(message: String, param: String): Nothing =
    throw RefusedException(422, message, "invalid_request_message_error", param = param)

private val CALL_ID = Regex("[a-zA-Z0-9]{9}")
private val FIELDS = setOf(
    "model", "messages", "temperature", "top_p", "max_tokens", "stream", "stop", "random_seed", "metadata",
    "response_format", "tools", "tool_choice", "presence_penalty", "frequency_penalty", "n", "prediction",
    "parallel_tool_calls", "prompt_mode", "reasoning_effort", "guardrails", "prompt_cache_key", "safe_prompt",
)
private val MESSAGE_FIELDS = mapOf(
    "system" to setOf("role", "content"),
    "user" to setOf("role", "content"),
    "assistant" to setOf("role", "content", "tool_calls", "prefix"),
    "tool" to setOf("role", "content", "tool_call_id", "name"),
)
