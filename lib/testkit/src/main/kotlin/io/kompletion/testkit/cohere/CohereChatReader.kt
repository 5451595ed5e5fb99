package io.kompletion.testkit.cohere

import io.kompletion.chat.ToolChoice
import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.FakeTool
import io.kompletion.testkit.FakeWishes
import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.bearer
import io.kompletion.testkit.internal.callResult
import io.kompletion.testkit.internal.contentText
import io.kompletion.testkit.internal.functionTools
import io.kompletion.testkit.internal.isTrue
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.parsed
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonObject

/** Checks a request as Cohere's server does, and reads the conversation out of it. */
internal class CohereChatReader(private val apiKey: String?) {
    fun read(http: LoopbackRequest, index: Int): FakeRequest {
        checkHead(http)
        val body = parsed(http.bodyText) as? JsonObject ?: throw RefusedException(400, "failed to parse request body")
        checkCohereRequest(body)
        val messages = body.objects("messages")
        val lastUser = messages.indexOfLast { it.text("role") == "user" }
        val tools = functionTools(body)
        val choice = choice(body, tools)
        val format = body.obj("response_format")?.takeIf { it.text("type") == "json_object" }
        return FakeRequest(
            http = http,
            body = body,
            index = index,
            model = body.text("model").orEmpty(),
            isStreaming = body.isTrue("stream"),
            lastUserText = messages.getOrNull(lastUser)?.let(::contentText).orEmpty(),
            toolResults = messages.drop(lastUser + 1).filter { it.text("role") == "tool" }
                .map { callResult(it, messages) },
            wishes = FakeWishes(
                tools = tools.takeUnless { choice == ToolChoice.NONE }.orEmpty(),
                toolChoice = choice,
                jsonSchema = format?.obj("json_schema"),
                anyJson = format != null && "json_schema" !in format,
                choices = 1,
                includeUsage = true,
            ),
        )
    }

    private fun checkHead(http: LoopbackRequest) {
        if (http.method != "POST" || http.path != "/v2/chat") throw RefusedException(404, "page not found")
        val key = bearer(http) ?: throw RefusedException(401, "no api key supplied")
        if (apiKey != null && key != apiKey) throw RefusedException(401, "invalid api token")
    }

    /** Where tools are given and nothing is said, the model decides. */
    private fun choice(body: JsonObject, tools: List<FakeTool>): ToolChoice? = when (body.text("tool_choice")) {
        "REQUIRED" -> ToolChoice.REQUIRED
        "NONE" -> ToolChoice.NONE
        else -> ToolChoice.AUTO.takeIf { tools.isNotEmpty() }
    }
}
