package io.kompletion.testkit.gemini

import io.kompletion.chat.ToolChoice
import io.kompletion.testkit.FakeRequest
import io.kompletion.testkit.FakeTool
import io.kompletion.testkit.FakeToolResult
import io.kompletion.testkit.FakeWishes
import io.kompletion.testkit.internal.NO_PARAMETERS
import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.internal.array
import io.kompletion.testkit.internal.int
import io.kompletion.testkit.internal.isTrue
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.parsed
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import java.net.URLDecoder

/** Checks a request as Google's server does, and reads the conversation out of it. */
internal class GenerateContentReader(private val api: GeminiApi, private val apiKey: String?) {
    fun read(http: LoopbackRequest, index: Int): FakeRequest {
        val path = api.call(http.path).takeIf { http.method == "POST" }
            ?: throw RefusedException(404, "The requested URL ${http.path} was not found on this server.")
        val model = URLDecoder.decode(path.model, Charsets.UTF_8)
        GeminiCredentials(api, apiKey).check(http)
        val body = parsed(http.bodyText) as? JsonObject
            ?: refuse("Invalid JSON payload received. Unexpected token or end of input.")
        val read = protoNames(body) as JsonObject
        checkGenerateContent(read, GeminiModel(model), api, path)
        val contents = read.objects("contents")
        val said = contents.indexOfLast { it.text("role") != "model" && it.saysText() }
        return FakeRequest(
            http = http,
            body = body,
            index = index,
            model = model,
            isStreaming = path.isStreaming,
            lastUserText = contents.getOrNull(said)?.let(::spokenText).orEmpty(),
            toolResults = contents.drop(maxOf(0, said)).flatMap { it.objects("parts") }
                .mapNotNull { it.obj("functionResponse") }.map(::toolResult),
            wishes = wishes(read),
        )
    }

    private fun wishes(body: JsonObject): FakeWishes {
        val config = body.obj("generationConfig")
        val schema = config?.get("responseJsonSchema") ?: config?.get("responseSchema")?.let(::jsonSchema)
        return FakeWishes(
            tools = callableTools(body),
            toolChoice = toolChoice(body),
            jsonSchema = schema as? JsonObject,
            anyJson = config?.text("responseMimeType") == "application/json",
            choices = config?.int("candidateCount") ?: 1,
            includeUsage = true,
        )
    }

    private fun JsonObject.saysText(): Boolean = spokenText(this).isNotEmpty()

    private fun spokenText(content: JsonObject): String =
        content.objects("parts").filterNot { it.isTrue("thought") }.mapNotNull { it.text("text") }.joinToString("")

    private fun callableTools(body: JsonObject): List<FakeTool> {
        val tools = body.objects("tools").flatMap { it.objects("functionDeclarations") }.map {
            val parameters = it["parametersJsonSchema"] ?: it["parameters"]?.let(::jsonSchema)
            FakeTool(
                it.text("name").orEmpty(),
                it.text("description").orEmpty(),
                parameters as? JsonObject ?: NO_PARAMETERS,
            )
        }
        val allowed = allowedNames(body)
        return when {
            mode(body) == "NONE" -> emptyList()
            allowed.isNotEmpty() -> tools.filter { it.name in allowed }
            else -> tools
        }
    }

    private fun toolChoice(body: JsonObject): ToolChoice? = when (mode(body)) {
        null, "MODE_UNSPECIFIED" -> null
        "NONE" -> ToolChoice.NONE
        "AUTO" -> ToolChoice.AUTO
        "ANY" -> allowedNames(body).singleOrNull()?.let(ToolChoice::named) ?: ToolChoice.REQUIRED
        else -> ToolChoice.Raw(checkNotNull(body["toolConfig"]))
    }

    private fun functionCalling(body: JsonObject): JsonObject? = body.obj("toolConfig")?.obj("functionCallingConfig")

    private fun mode(body: JsonObject): String? = functionCalling(body)?.text("mode")?.uppercase()

    private fun allowedNames(body: JsonObject): List<String> =
        functionCalling(body)?.array("allowedFunctionNames").orEmpty().mapNotNull {
            (it as? JsonPrimitive)?.contentOrNull
        }

    /** A result that is one text in an object, as clients wrap it, is that text. */
    private fun toolResult(response: JsonObject): FakeToolResult {
        val result = response.obj("response").orEmpty()
        val only = result.values.singleOrNull() as? JsonPrimitive
        val content = only?.takeIf { it.isString }?.content ?: JsonObject(result).toString()
        return FakeToolResult(response.text("id").orEmpty(), response.text("name").orEmpty(), content)
    }
}

/** Google's schema as JSON Schema: the names of its types are in capitals. */
private fun jsonSchema(schema: JsonElement): JsonElement = when (schema) {
    is JsonObject -> JsonObject(
        schema.mapValues { (key, value) ->
            when {
                key == "type" && value is JsonPrimitive -> JsonPrimitive(value.content.lowercase())
                key == "properties" -> JsonObject((value as? JsonObject).orEmpty().mapValues { jsonSchema(it.value) })
                key == "items" -> jsonSchema(value)
                else -> value
            }
        },
    )

    else -> schema
}
