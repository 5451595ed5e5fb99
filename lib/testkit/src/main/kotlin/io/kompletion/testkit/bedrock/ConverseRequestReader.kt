package io.kompletion.testkit.bedrock

import io.kompletion.chat.ToolChoice
import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.FakeTool
import io.kompletion.testkit.FakeToolResult
import io.kompletion.testkit.FakeWishes
import io.kompletion.testkit.internal.NO_PARAMETERS
import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.parsed
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonObject
import java.net.URLDecoder

/** Checks a request as Bedrock does, and reads the conversation out of it. */
internal class ConverseRequestReader(private val authorization: AwsAuthorization, private val apiKey: String?) {
    fun read(http: LoopbackRequest, index: Int): FakeRequest {
        val place = PATH.matchEntire(http.path)?.takeIf { http.method == "POST" }
            ?: throw RefusedException(404, "Unknown operation", "UnknownOperationException")
        authorization.check(http, apiKey)
        val body = parsed(http.bodyText) as? JsonObject
            ?: throw RefusedException(400, "The request body is not valid JSON", "SerializationException")
        ConverseRules.check(body)
        val (model, verb) = place.destructured
        val messages = body.objects("messages")
        val said = messages.indexOfLast { it.text("role") == "user" && words(it).isNotEmpty() }
        return FakeRequest(
            http = http,
            body = body,
            index = index,
            model = URLDecoder.decode(model, "UTF-8"),
            isStreaming = verb == STREAM,
            lastUserText = messages.getOrNull(said)?.let(::words).orEmpty(),
            toolResults = results(messages, messages.drop(maxOf(0, said))),
            wishes = FakeWishes(
                tools = tools(body),
                toolChoice = choice(body),
                jsonSchema = schema(body),
                anyJson = false,
                choices = 1,
                includeUsage = true,
            ),
        )
    }

    private fun words(message: JsonObject): String = message.objects("content").mapNotNull {
        it.text("text")
    }.joinToString("")

    private fun tools(body: JsonObject): List<FakeTool> {
        val config = body.obj("toolConfig") ?: return emptyList()
        val tools = config.objects("tools").mapNotNull { it.obj("toolSpec") }.map {
            FakeTool(
                it.text("name").orEmpty(),
                it.text("description").orEmpty(),
                it.obj("inputSchema")?.obj("json") ?: NO_PARAMETERS,
            )
        }
        val only = config.obj("toolChoice")?.obj("tool")?.text("name") ?: return tools
        return tools.filter { it.name == only }
    }

    private fun choice(body: JsonObject): ToolChoice? {
        val choice = body.obj("toolConfig")?.obj("toolChoice") ?: return null
        return when {
            "any" in choice -> ToolChoice.REQUIRED
            "auto" in choice -> ToolChoice.AUTO
            else -> choice.obj("tool")?.text("name")?.let(ToolChoice::named)
        }
    }

    private fun schema(body: JsonObject): JsonObject? =
        body.obj("outputConfig")?.obj("textFormat")?.obj("structure")?.obj("jsonSchema")?.text("schema")
            ?.let { parsed(it) as? JsonObject }

    private fun results(messages: List<JsonObject>, latest: List<JsonObject>): List<FakeToolResult> {
        val calls = messages.flatMap { it.objects("content") }.mapNotNull { it.obj("toolUse") }
        return latest.filter {
            it.text("role") == "user"
        }.flatMap { it.objects("content") }.mapNotNull { it.obj("toolResult") }
            .map { result ->
                val id = result.text("toolUseId").orEmpty()
                val said = result.objects("content").map { it.text("text") ?: it["json"]?.toString().orEmpty() }
                FakeToolResult(
                    id,
                    calls.lastOrNull {
                        it.text("toolUseId") == id
                    }?.text("name").orEmpty(),
                    said.joinToString(""),
                )
            }
    }

    private companion object {
        const val STREAM = "converse-stream"
        val PATH = Regex("/model/([^/]+)/(converse|$STREAM)")
    }
}
