package io.kompletion.testkit.ollama

import io.kompletion.chat.ToolChoice
import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.FakeToolResult
import io.kompletion.testkit.FakeWishes
import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.array
import io.kompletion.testkit.internal.bearer
import io.kompletion.testkit.internal.functionTools
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.parsed
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull

/** Checks a request as Ollama's server does, and reads the conversation out of it. */
internal class OllamaChatReader(private val apiKey: String?) {
    fun read(http: LoopbackRequest, index: Int): FakeRequest {
        if (http.method != "POST" || http.path != "/api/chat") throw RefusedException(404, "404 page not found")
        if (apiKey != null && bearer(http) != apiKey) throw RefusedException(401, "unauthorized")
        val body = parsed(http.bodyText) as? JsonObject ?: refuse("invalid character in the body")
        check(body)
        val messages = body.objects("messages")
        val lastUser = messages.indexOfLast { it.text("role") == "user" }
        val tools = functionTools(body)
        return FakeRequest(
            http = http,
            body = body,
            index = index,
            model = body.text("model").orEmpty(),
            isStreaming = (body["stream"] as? JsonPrimitive)?.booleanOrNull != false,
            lastUserText = messages.getOrNull(lastUser)?.text("content").orEmpty(),
            toolResults = messages.drop(lastUser + 1).filter { it.text("role") == "tool" }.map(::result),
            wishes = FakeWishes(
                tools = tools,
                toolChoice = ToolChoice.AUTO.takeIf { tools.isNotEmpty() },
                jsonSchema = body.obj("format"),
                anyJson = body.text("format") == "json",
                choices = 1,
                includeUsage = true,
            ),
        )
    }

    private fun result(message: JsonObject) = FakeToolResult(
        message.text("tool_call_id").orEmpty(),
        message.text("tool_name").orEmpty(),
        message.text("content").orEmpty(),
    )

    private fun check(body: JsonObject) {
        if (body.text("model").isNullOrEmpty()) refuse("model is required")
        body.objects("messages").forEach { message ->
            val role = message.text("role")
            if (role !in ROLES) refuse("invalid role: $role, must be one of $ROLES")
            if (message.text("content") == null) {
                refuse("json: cannot unmarshal into Go struct field ChatRequest.messages.content of type string")
            }
            message.array("images").orEmpty().forEach { image ->
                val isBase64 = (image as? JsonPrimitive)?.content.orEmpty().all { it in BASE64 }
                if (!isBase64) refuse("illegal base64 data at input byte 0")
            }
            message.objects("tool_calls").forEach { call ->
                if (call.obj("function")?.obj("arguments") == null) {
                    refuse(
                        "json: cannot unmarshal into Go struct field .arguments of type api.ToolCallFunctionArguments",
                    )
                }
            }
        }
    }

    private fun refuse(message: String): Nothing = throw RefusedException(400, message)

    private companion object {
        val ROLES = setOf("system", "user", "assistant", "tool")
        val BASE64 = ('a'..'z') + ('A'..'Z') + ('0'..'9') + listOf('+', '/', '=')
    }
}
