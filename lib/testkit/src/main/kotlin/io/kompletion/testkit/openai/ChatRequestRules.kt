package io.kompletion.testkit.openai

import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.array
import io.kompletion.testkit.internal.isTrue
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Throws what OpenAI's server says to a body that breaks its rules; the rules a client library is likely to break. */
internal fun checkChatRequest(body: JsonObject) {
    if (body.text("model").isNullOrEmpty()) refuse("you must provide a model parameter")
    val messages = body.array("messages")
        ?: refuse("Missing required parameter: 'messages'.", "messages", "missing_required_parameter")
    if (messages.isEmpty()) {
        refuse(
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            "messages",
            "empty_array",
        )
    }
    messages.forEachIndexed { index, message ->
        if (message !is JsonObject) refuse("Invalid type for 'messages[$index]'.", "messages[$index]", "invalid_type")
        val role = message.text("role")
        if (role !in ROLES) {
            refuse(
                "Invalid value: '$role'. Supported values are: $ROLE_LIST.",
                "messages[$index].role",
                "invalid_value",
            )
        }
    }
    checkOptions(body)
    checkTools(body)
    checkToolResults(body.objects("messages"))
}

private fun checkOptions(body: JsonObject) {
    if (body.given("stream_options") && !body.isTrue("stream")) {
        refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options")
    }
    if (body.given("max_tokens") && body.given("max_completion_tokens")) {
        refuse(
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
            "max_tokens",
            "invalid_parameter_combination",
        )
    }
    val format = body.obj("response_format") ?: return
    if (format.text("type") == "json_schema" && format.obj("json_schema")?.text("name").isNullOrEmpty()) {
        val missing = "response_format.json_schema.name"
        refuse("Missing required parameter: '$missing'.", missing, "missing_required_parameter")
    }
}

private fun checkTools(body: JsonObject) {
    if (body.array("tools").isNullOrEmpty()) {
        for (name in listOf("tool_choice", "parallel_tool_calls")) {
            if (body.given(
                    name,
                )
            ) {
                refuse("Invalid value for '$name': '$name' is only allowed when 'tools' are specified.", name)
            }
        }
    }
    body.objects("tools").forEachIndexed { index, tool ->
        if (tool.text("type") != "function") return@forEachIndexed
        val name = tool.obj("function")?.text("name").orEmpty()
        val param = "tools[$index].function.name"
        if (!name.matches(TOOL_NAME)) {
            refuse(
                "Invalid '$param': string does not match pattern. Expected a string that matches the pattern " +
                    "'$TOOL_NAME'.",
                param,
                "invalid_value",
            )
        }
    }
}

/** Every result must follow a call, and every call must have its results before the conversation goes on. */
private fun checkToolResults(messages: List<JsonObject>) {
    var pending = emptySet<String>()
    messages.forEachIndexed { index, message ->
        if (message.text("role") == "tool") {
            val id = message.text("tool_call_id").orEmpty()
            if (id !in pending) {
                refuse(
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with " +
                        "'tool_calls'.",
                    "messages.[$index].role",
                )
            }
            pending = pending - id
        } else {
            refuseUnanswered(pending, index)
            pending = message.objects("tool_calls").mapNotNull { it.text("id") }.toSet()
        }
    }
    refuseUnanswered(pending, messages.size)
}

private fun refuseUnanswered(pending: Set<String>, index: Int) {
    if (pending.isEmpty()) return
    refuse(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
            "The following tool_call_ids did not have response messages: ${pending.joinToString()}",
        "messages.[$index].role",
    )
}

private fun JsonObject.given(name: String): Boolean = get(name).let { it != null && it !is JsonNull }

private fun refuse(message: String, param: String? = null, code: String? = null): Nothing =
    throw RefusedException(400, message, INVALID_REQUEST, code, param)

private val ROLES = setOf("system", "developer", "user", "assistant", "tool", "function")
private val ROLE_LIST = ROLES.joinToString { "'$it'" }
private val TOOL_NAME = Regex("^[a-zA-Z0-9_-]{1,64}$")
