package io.kompletion.testkit.anthropic

import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.FakeTool
import io.kompletion.testkit.FakeToolResult
import io.kompletion.testkit.FakeWishes
import io.kompletion.testkit.internal.NO_PARAMETERS
import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.array
import io.kompletion.testkit.internal.isTrue
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.parsed
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.internal.toolChoice
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Checks a request as Anthropic's server does, and reads the conversation out of it. */
internal class MessageRequestReader(private val dialect: MessageDialect, private val apiKey: String?) {
    fun read(http: LoopbackRequest, index: Int): FakeRequest {
        dialect.checkHead(http, apiKey)
        val body = dialect.body(http, parse(http.bodyText))
        checkMessageRequest(body)
        val messages = body.objects("messages")
        val said = messages.indexOfLast { it.text("role") == "user" && !text(it["content"]).isNullOrEmpty() }
        return FakeRequest(
            http = http,
            body = body,
            index = index,
            model = body.text("model").orEmpty(),
            isStreaming = body.isTrue("stream"),
            lastUserText = messages.getOrNull(said)?.let { text(it["content"]) }.orEmpty(),
            toolResults = results(messages, messages.drop(maxOf(0, said))),
            wishes = FakeWishes(
                tools = callableTools(body),
                toolChoice = toolChoice(body.obj("tool_choice")?.let { JsonObject(it - PARALLEL) }),
                jsonSchema = body.obj("output_config")?.obj("format")?.obj("schema"),
                anyJson = false,
                choices = 1,
                includeUsage = true,
            ),
        )
    }

    private fun parse(text: String): JsonObject =
        parsed(text) as? JsonObject ?: throw RefusedException(400, "The request body is not valid JSON")

    private fun callableTools(body: JsonObject): List<FakeTool> {
        val tools = body.objects("tools").filter { "input_schema" in it }.map {
            FakeTool(
                it.text("name").orEmpty(),
                it.text("description").orEmpty(),
                it.obj("input_schema") ?: NO_PARAMETERS,
            )
        }
        val choice = body.obj("tool_choice")
        return when (choice?.text("type")) {
            "none" -> emptyList()
            "tool" -> tools.filter { it.name == choice.text("name") }
            else -> tools
        }
    }

    private fun results(messages: List<JsonObject>, latest: List<JsonObject>): List<FakeToolResult> {
        val calls = messages.flatMap { it.objects("content") }.filter { it.text("type") == "tool_use" }
        return latest.filter { it.text("role") == "user" }.flatMap { it.objects("content") }
            .filter { it.text("type") == "tool_result" }
            .map { block ->
                val id = block.text("tool_use_id").orEmpty()
                val name = calls.lastOrNull { it.text("id") == id }?.text("name").orEmpty()
                FakeToolResult(id, name, text(block["content"]).orEmpty())
            }
    }

    /** Content is a string or a list of blocks, of which the texts count. */
    private fun text(content: JsonElement?): String? = when (content) {
        is JsonPrimitive -> content.content
        is JsonArray -> content.filterIsInstance<JsonObject>().mapNotNull { it.text("text") }.joinToString("")
        else -> null
    }
}

private const val PARALLEL = "disable_parallel_tool_use"

/** Throws what Anthropic's server says to a body that breaks its rules; those a client library is likely to break. */
internal fun checkMessageRequest(body: JsonObject) {
    if (body.text("model").isNullOrEmpty()) refuse("model: Field required")
    if ("max_tokens" !in body) refuse("max_tokens: Field required")
    val messages = body.array("messages") ?: refuse("messages: Field required")
    if (messages.isEmpty()) refuse("messages: at least one message is required")
    messages.forEachIndexed { index, message ->
        val role = (message as? JsonObject)?.text("role")
        if (role != "user" && role != "assistant") {
            refuse("messages.$index.role: Input should be 'user' or 'assistant'")
        }
    }
    body.objects("tools").forEachIndexed { index, tool ->
        if (!tool.text("name").orEmpty().matches(TOOL_NAME) && tool.text("type") != "mcp_toolset") {
            refuse("tools.$index.custom.name: String should match pattern '$TOOL_NAME'")
        }
    }
    if ("tool_choice" in body && body.array("tools").isNullOrEmpty()) {
        refuse("tool_choice: may only be specified while providing tools")
    }
    checkResults(body.objects("messages"))
    checkTexts(body.objects("messages"))
}

/** The results of a turn's calls are the first blocks of the next message, all of them. */
private fun checkResults(messages: List<JsonObject>) {
    var pending = emptySet<String>()
    messages.forEachIndexed { index, message ->
        val blocks = message.objects("content")
        val results = blocks.takeWhile { it.text("type") == "tool_result" }.map { it.text("tool_use_id").orEmpty() }
        if (blocks.drop(results.size).any { it.text("type") == "tool_result" } || results.any { it !in pending }) {
            refuse(
                "messages.$index.content: unexpected `tool_use_id` found in `tool_result` blocks. Each `tool_result` " +
                    "block must have a corresponding `tool_use` block in the previous message.",
            )
        }
        if (pending.any { it !in results }) {
            refuse(
                "messages.${index - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: " +
                    pending.joinToString(),
            )
        }
        pending = blocks.filter { it.text("type") == "tool_use" }.mapNotNull { it.text("id") }.toSet()
    }
    if (pending.isNotEmpty()) refuse("messages: `tool_use` ids were found without `tool_result` blocks: $pending")
}

private fun checkTexts(messages: List<JsonObject>) {
    messages.forEachIndexed { index, message ->
        message.objects("content").forEach { block ->
            if (block.text("type") == "text" && block.text("text").isNullOrEmpty()) {
                refuse("messages.$index: text content blocks must be non-empty")
            }
        }
    }
}

private fun refuse(message: String): Nothing = throw RefusedException(400, message)

private val TOOL_NAME = Regex("^[a-zA-Z0-9_-]{1,128}$")
