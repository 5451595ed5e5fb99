package io.kompletion.providers.gemini

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
import io.kompletion.provider.Target
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * What the model may call and how it chooses: functions in one list, and the tools that Google runs, each under its name.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/function-calling">Google: function calling</a>
 */
internal class GeminiTools(
    private val target: Target,
    private val host: GeminiHost,
    private val model: GeminiModel,
    private val own: Map<String, JsonElement>,
    private val warnings: MutableList<Warning>,
) {
    private val request: ChatCompletionRequest = target.request
    private val functions = request.tools.orEmpty().mapIndexedNotNull { i, tool -> function(tool, "tools[$i]") }
    private val hosted = hosted()

    val hasFunctions: Boolean get() = functions.isNotEmpty() || ownFunctions().isNotEmpty()

    /** `tools`, what the caller wrote himself behind the rest; null when there are none. */
    val tools: JsonElement? = tools()

    /** `toolConfig`, where what the caller wrote himself wins; null when it says nothing. */
    val config: JsonElement? = config()

    private fun tools(): JsonElement? {
        val said = own["tools"]
        if (said != null && said !is JsonArray) return said
        val lists = if (functions.isEmpty()) {
            emptyList()
        } else {
            listOf(
                JsonObject(mapOf(FUNCTIONS to JsonArray(functions))),
            )
        }
        val all = lists + hosted + said.orEmpty()
        if (functions.isNotEmpty() && hosted.isNotEmpty() && !model.isThird) {
            throw UnsupportedParameterException(
                "${target.model} takes functions or the tools that Google runs (${hosted.joinToString {
                    it.keys.first()
                }}), " +
                    "not both; use Gemini 3 or later, or leave one of them out",
                ErrorDetails.builder().provider(target.providerId).param("tools").build(),
            )
        }
        return JsonArray(all).takeIf { it.isNotEmpty() }
    }

    private fun function(tool: ToolDefinition, place: String): JsonObject? {
        tool.cacheBreakpoint?.let {
            warnings +=
                Warning("$place.cache_breakpoint", "note", "not sent: Gemini finds repeated beginnings by itself")
        }
        if (tool.custom != null) {
            throw UnsupportedParameterException(
                "$place: a tool that takes free text cannot be sent to ${target.providerId}; make it a function",
                ErrorDetails.builder().provider(target.providerId).param(place).build(),
            )
        }
        val function = tool.function?.takeIf { tool.type == "function" } ?: return null
        val name = GeminiNames.sent(function.name)
        if (name != function.name) warnings += Warning("$place.name", "mapped", "sent as \"$name\"")
        if (function.strict == true) drop("$place.function.strict", "Gemini has no strict functions")
        val fields = LinkedHashMap<String, JsonElement>()
        fields["name"] = JsonPrimitive(name)
        function.description?.let { fields["description"] = JsonPrimitive(it) }
        function.parameters?.let { fields += parameters(it, "$place.function.parameters") }
        for ((field, value) in function.extra + tool.extra) fields[GeminiFields.camelCase(field)] = value
        return JsonObject(fields)
    }

    /** A function without arguments has no schema at all. */
    private fun parameters(schema: JsonElement, place: String): Map<String, JsonElement> {
        val fields = schema as? JsonObject
        val isEmpty = fields != null && fields.obj("properties").isNullOrEmpty() && COMPOSED.none { it in fields }
        if (isEmpty) return emptyMap()
        if (model.takesJsonSchema) {
            val standard = StandardSchema()
            return mapOf("parametersJsonSchema" to standard.clean(schema)).also { tell(standard.changes, place) }
        }
        val subset = GeminiSchema(schema, place)
        return mapOf("parameters" to subset.subset()).also { tell(subset.changes, place) }
    }

    private fun tell(changes: List<String>, place: String) {
        for (change in changes) warnings += Warning(place, "mapped", change)
    }

    private fun hosted(): List<JsonObject> {
        val tools = request.tools.orEmpty().filter { it.type != "function" && it.custom == null }.map { tool ->
            val settings = LinkedHashMap<String, JsonElement>()
            (tool.function?.parameters as? JsonObject)?.let { settings += it.obj("properties") ?: it }
            settings += tool.extra
            JsonObject(mapOf(GeminiFields.camelCase(tool.type) to JsonObject(settings)))
        }
        val search = request.webSearchOptions ?: return tools
        for (name in (search as? JsonObject)?.keys.orEmpty()) {
            drop("web_search_options.$name", "Google's search has no such option")
        }
        val isThere = tools.any { SEARCH in it } ||
            (own["tools"] as? JsonArray).orEmpty().any { it is JsonObject && (SEARCH in it || "google_search" in it) }
        return if (isThere) tools else tools + JsonObject(mapOf(SEARCH to JsonObject(emptyMap())))
    }

    private fun config(): JsonElement? {
        val said = own[GeminiFields.TOOL_CONFIG]
        if (said != null && said !is JsonObject) return said
        val fields = LinkedHashMap<String, JsonElement>()
        calling()?.let { fields[CALLING] = it }
        if (functions.isNotEmpty() && hosted.isNotEmpty() && host.mixesTools) {
            fields["includeServerSideToolInvocations"] = JsonPrimitive(true)
        }
        for ((name, value) in said.orEmpty()) {
            val before = fields[name]
            fields[name] = if (before is JsonObject && value is JsonObject) JsonObject(before + value) else value
        }
        return JsonObject(fields).takeIf { it.isNotEmpty() }
    }

    private fun calling(): JsonObject? {
        if (request.parallelToolCalls == false) {
            drop("parallel_tool_calls", "Gemini decides itself how many tools it calls at once")
        }
        val choice = request.toolChoice ?: return null
        if (!hasFunctions) {
            if (choice !is ToolChoice.None) drop("tool_choice", "there are no functions")
            return null
        }
        return when (choice) {
            is ToolChoice.None -> mode("NONE")

            is ToolChoice.Auto -> mode("AUTO")

            is ToolChoice.Required -> mode("ANY")

            is ToolChoice.Named -> JsonObject(
                mode("ANY") +
                    ("allowedFunctionNames" to JsonArray(listOf(JsonPrimitive(GeminiNames.sent(choice.name))))),
            )

            is ToolChoice.Raw -> raw(choice.value)
        }
    }

    /** Gemini's own form, or OpenAI's list of tools that may be called. */
    private fun raw(value: JsonElement): JsonObject? {
        val fields = value as? JsonObject
        val allowed = fields?.obj("allowed_tools")
        if (allowed == null) {
            val calling = fields?.let { it.obj(CALLING) ?: it.obj("function_calling_config") ?: it }
            return calling?.let { JsonObject(GeminiFields.camelCased(it)) }
        }
        val names = allowed.array("tools").orEmpty().mapNotNull { tool ->
            val holder = (tool as? JsonObject)?.let { it.obj("function") ?: it }
            holder?.string("name")?.let { JsonPrimitive(GeminiNames.sent(it)) }
        }
        val mode = if (allowed.string("mode") == "required") "ANY" else "VALIDATED"
        return JsonObject(mode(mode) + ("allowedFunctionNames" to JsonArray(names)))
    }

    private fun ownFunctions() = (own["tools"] as? JsonArray).orEmpty().filter {
        it is JsonObject && (FUNCTIONS in it || "function_declarations" in it)
    }

    private fun mode(name: String) = JsonObject(mapOf("mode" to JsonPrimitive(name)))

    private fun drop(name: String, why: String) {
        warnings += Warning(name, "dropped", why)
    }

    private companion object {
        const val FUNCTIONS = "functionDeclarations"
        const val CALLING = "functionCallingConfig"
        const val SEARCH = "googleSearch"
        val COMPOSED = listOf("\$ref", "anyOf", "oneOf", "allOf", "patternProperties")
    }
}
