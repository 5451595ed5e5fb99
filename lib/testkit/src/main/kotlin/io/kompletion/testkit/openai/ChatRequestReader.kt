package io.kompletion.testkit.openai

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.FakeTool
import io.kompletion.testkit.FakeWishes
import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.bearer
import io.kompletion.testkit.internal.callResult
import io.kompletion.testkit.internal.contentText
import io.kompletion.testkit.internal.functionTools
import io.kompletion.testkit.internal.int
import io.kompletion.testkit.internal.isTrue
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.parsed
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.internal.toolChoice
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Checks a request as OpenAI's server does, and reads the conversation out of it. Other servers with the same requests
 * add their own [rules], and may tell usage in streams though nobody asked.
 */
internal class ChatRequestReader(
    private val host: ChatHost,
    private val apiKey: String?,
    private val streamOnly: Set<String> = emptySet(),
    private val tellsUsage: Boolean = false,
    private val rules: (JsonObject) -> Unit = {},
) {
    fun read(http: LoopbackRequest, index: Int): FakeRequest {
        host.checkHead(http, apiKey)
        val body = host.body(http, parse(http.bodyText))
        rules(body)
        checkChatRequest(body)
        checkStream(body)
        val messages = body.objects("messages")
        val lastUser = messages.indexOfLast { it.text("role") == "user" }
        val jsonSchema = body.obj("response_format")?.takeIf { it.text("type") == "json_schema" }
        return FakeRequest(
            http = http,
            body = body,
            index = index,
            model = body.text("model").orEmpty(),
            isStreaming = body.isTrue("stream"),
            lastUserText = messages.getOrNull(lastUser)?.let(::contentText).orEmpty(),
            toolResults = messages.drop(lastUser + 1).filter {
                it.text("role") == "tool"
            }.map { callResult(it, messages) },
            wishes = FakeWishes(
                tools = callableTools(body),
                toolChoice = toolChoice(body["tool_choice"]),
                jsonSchema = jsonSchema?.let { it.obj("json_schema")?.obj("schema") ?: JsonObject(emptyMap()) },
                anyJson = body.obj("response_format")?.text("type") == "json_object",
                choices = body.int("n") ?: 1,
                includeUsage = tellsUsage || body.obj("stream_options")?.isTrue("include_usage") == true,
            ),
        )
    }

    private fun checkStream(body: JsonObject) {
        if (body.text("model") in streamOnly && !body.isTrue("stream")) {
            throw RefusedException(
                400,
                "This model only support stream mode, please enable the stream parameter to access the model.",
                INVALID_REQUEST,
                "invalid_parameter_error",
            )
        }
    }

    private fun parse(text: String): JsonObject = parsed(text) as? JsonObject ?: throw RefusedException(
        400,
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP " +
            "library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
        INVALID_REQUEST,
    )

    private fun callableTools(body: JsonObject): List<FakeTool> {
        val functions = functionTools(body)
        val choice = body["tool_choice"]
        val named = when {
            choice is JsonPrimitive && choice.content == "none" -> {
                emptySet()
            }

            choice !is JsonObject -> {
                return functions
            }

            choice.text("type") == "allowed_tools" -> {
                choice.obj("allowed_tools")?.objects("tools").orEmpty().mapNotNull { it.obj("function")?.text("name") }
            }

            else -> {
                listOfNotNull(choice.obj("function")?.text("name"))
            }
        }
        return functions.filter { it.name in named }
    }
}
