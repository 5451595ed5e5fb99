package io.kompletion.providers.anthropic

import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.internal.wire.JsonWriter
import io.kompletion.internal.wire.obj
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Writes tool definitions: functions, and the tools that Anthropic knows by their type, as they are. */
internal class AnthropicToolWriter(
    private val json: JsonWriter,
    private val providerId: String,
    private val model: AnthropicModel,
    private val warnings: MutableList<Warning>,
) {
    fun write(tool: ToolDefinition, place: String) {
        if (tool.custom != null) {
            throw UnsupportedParameterException(
                "$place: a tool that takes free text cannot be sent to $providerId; make it a function",
                ErrorDetails.builder().provider(providerId).param(place).build(),
            )
        }
        json.beginObject()
        if (tool.type == FUNCTION) function(tool, place) else hosted(tool)
        cacheControl(json, tool.cacheBreakpoint)
        json.endObject()
    }

    private fun function(tool: ToolDefinition, place: String) {
        val function = tool.function ?: return
        val isStrict = function.strict == true && (model.takesSchema || !model.isKnown)
        if (function.strict == true && !isStrict) {
            warnings += Warning("$place.function.strict", "dropped", "the model has no strict tools")
        }
        json.field("name", function.name)
        json.field("description", function.description)
        json.name("input_schema").value(schema(function.parameters, isStrict, place))
        if (isStrict) json.field("strict", true)
        for ((name, value) in function.extra + tool.extra) json.field(name, value)
    }

    private fun schema(parameters: JsonElement?, isStrict: Boolean, place: String): JsonElement =
        AnthropicSchema.ofTool(parameters, isStrict) {
            warnings += Warning("$place.function.parameters", "mapped", it)
        }

    /** Settings stand beside the type; some users bring them as the parameters of a function. */
    private fun hosted(tool: ToolDefinition) {
        val settings = LinkedHashMap<String, JsonElement>()
        tool.function?.let { function ->
            settings["name"] = JsonPrimitive(function.name)
            (function.parameters as? JsonObject)?.let { settings += it.obj("properties") ?: it }
            settings += function.extra
        }
        settings += tool.extra
        json.field("type", tool.type)
        if ("name" !in settings) usualName(tool.type)?.let { json.field("name", it) }
        for ((name, value) in settings) json.field(name, value)
    }

    companion object {
        private const val FUNCTION = "function"
        private val VERSIONED = Regex("(.+)_(\\d{8})")

        /** Tools of Anthropic are named for their type without its date, but for the editor. */
        fun usualName(type: String): String? {
            val (name, date) = VERSIONED.matchEntire(type)?.destructured ?: return null
            return when {
                name != "text_editor" -> name
                date < "20250429" -> "str_replace_editor"
                else -> "str_replace_based_edit_tool"
            }
        }

        /** The beta that a tool of this type needs, or null; that of a computer bears the same date. */
        fun beta(type: String): String? = BETAS[type] ?: VERSIONED.matchEntire(type)
            ?.takeIf { it.groupValues[1] == "computer" }
            ?.let { found ->
                val date = found.groupValues[2]
                "computer-use-${date.take(4)}-${date.substring(4, 6)}-${date.takeLast(2)}"
            }

        private val BETAS = mapOf(
            "bash_20241022" to "computer-use-2024-10-22",
            "text_editor_20241022" to "computer-use-2024-10-22",
            "code_execution_20250522" to "code-execution-2025-05-22",
            "code_execution_20250825" to "code-execution-2025-08-25",
            "web_fetch_20250910" to "web-fetch-2025-09-10",
            "memory_20250818" to "context-management-2025-06-27",
            "tool_search_tool_regex_20251119" to "advanced-tool-use-2025-11-20",
            "tool_search_tool_bm25_20251119" to "advanced-tool-use-2025-11-20",
            "advisor_20260301" to "advisor-tool-2026-03-01",
            "mcp_toolset" to "mcp-client-2025-11-20",
        )
    }
}
