package io.kompletion.providers.bedrock

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnsupportedParameterException
import io.kompletion.internal.wire.JsonWriter
import io.kompletion.providers.anthropic.AnthropicAnswerReader
import io.kompletion.providers.anthropic.AnthropicOutput
import io.kompletion.providers.anthropic.AnthropicSchema
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Writes `toolConfig`: functions, Bedrock's own tools as they are, and how the model chooses. There is no choice "none":
 * the tools are left out instead, unless the conversation has calls, which must not stand there without them.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolConfiguration.html">AWS: ToolConfiguration</a>
 */
internal class BedrockTools(
    private val request: ChatCompletionRequest,
    private val modelName: String,
    private val model: BedrockModel,
    private val output: AnthropicOutput,
    private val decidesItself: Boolean,
    private val warnings: MutableList<Warning>,
) {
    /** [called] are the tools that the conversation has calls of. */
    fun write(json: JsonWriter, called: Set<String>) {
        val asked = request.tools.orEmpty()
        val isNone = request.toolChoice is ToolChoice.None && output.toolSchema == null
        if (request.parallelToolCalls != null) drop("parallel_tool_calls", "Converse has no such parameter")
        if (asked.isEmpty() && output.toolSchema == null) {
            if (request.toolChoice != null && !isNone) drop("tool_choice", "there are no tools")
            if (called.isEmpty()) return
            warnings +=
                Warning("tools", "mapped", "the tools that the conversation has calls of are declared by their names")
            return config(json, null) { called.forEach { named(json, it) } }
        }
        if (isNone && called.isEmpty()) {
            warnings += Warning("tool_choice", "mapped", "Converse has no choice \"none\"; the tools are left out")
            return
        }
        if (isNone) {
            warnings +=
                Warning(
                    "tool_choice",
                    "mapped",
                    "the calls in the conversation need the tools; the model may decide itself",
                )
        }
        config(json, if (isNone) null else choice()) {
            asked.forEachIndexed { i, tool -> tool(json, tool, "tools[$i]") }
            output.toolSchema?.let { spec(json, AnthropicAnswerReader.ANSWER_TOOL, output.toolDescription, it, false) }
        }
    }

    private inline fun config(json: JsonWriter, choice: ToolChoice?, tools: () -> Unit) {
        json.name("toolConfig").beginObject().name("tools").beginArray()
        tools()
        json.endArray()
        when (choice) {
            null -> Unit

            is ToolChoice.Raw -> json.name("toolChoice").value(choice.value)

            is ToolChoice.Named ->
                json.name(
                    "toolChoice",
                ).beginObject().name("tool").beginObject().name("name").value(choice.name).endObject().endObject()

            else -> json.name("toolChoice").beginObject()
                .name(if (choice is ToolChoice.Required) "any" else "auto").beginObject().endObject().endObject()
        }
        json.endObject()
    }

    private fun choice(): ToolChoice? {
        if (output.forcesTool) return ToolChoice.Named(AnthropicAnswerReader.ANSWER_TOOL)
        val asked = request.toolChoice
        val isForced = asked is ToolChoice.Required || asked is ToolChoice.Named
        val why = when {
            isForced && !model.takesForcedTool -> "$modelName cannot be made to call a tool; it may decide itself"
            isForced && decidesItself -> "a model that thinks within a budget decides itself about tools"
            asked is ToolChoice.None -> "the structured answer comes by a tool"
            else -> return asked
        }
        warnings += Warning("tool_choice", "mapped", why)
        return null
    }

    private fun tool(json: JsonWriter, tool: ToolDefinition, place: String) {
        if (tool.custom != null) {
            throw UnsupportedParameterException(
                "$place: a tool that takes free text cannot be sent to Bedrock; make it a function",
                ErrorDetails.builder().param(place).build(),
            )
        }
        val function = tool.function
        if (tool.type == FUNCTION && function != null) {
            for (name in function.extra.keys + tool.extra.keys) drop("$place.$name", "Converse has no such field")
            val isStrict = function.strict == true && model.takesSchema
            if (function.strict == true && !isStrict) drop("$place.function.strict", "the model has no strict tools")
            spec(json, function.name, function.description, schema(function.parameters, isStrict, place), isStrict)
        } else {
            hosted(json, tool)
        }
        val breakpoint = tool.cacheBreakpoint ?: return
        if (model.caches) {
            cachePoint(
                json,
                breakpoint,
            )
        } else {
            drop("$place.cache_breakpoint", "the model has no prompt caching")
        }
    }

    private fun schema(parameters: JsonElement?, isStrict: Boolean, place: String): JsonElement =
        AnthropicSchema.ofTool(parameters, isStrict) {
            warnings += Warning("$place.function.parameters", "mapped", it)
        }

    private fun named(json: JsonWriter, name: String) = spec(json, name, null, AnthropicSchema.NO_PARAMETERS, false)

    private fun spec(json: JsonWriter, name: String, description: String?, schema: JsonElement, isStrict: Boolean) {
        json.beginObject().name("toolSpec").beginObject()
        json.field("name", name)
        json.field("description", description?.ifBlank { null })
        json.name("inputSchema").beginObject().name("json").value(schema).endObject()
        if (isStrict) json.field("strict", true)
        json.endObject().endObject()
    }

    /** A tool that Bedrock runs, e.g. `nova_grounding`: `{"systemTool":{"name":…}}`. */
    private fun hosted(json: JsonWriter, tool: ToolDefinition) {
        val settings = LinkedHashMap(tool.extra)
        tool.function?.let { settings["name"] = JsonPrimitive(it.name) }
        json.beginObject().name(tool.type)
        json.value(settings[tool.type]?.takeIf { settings.size == 1 } ?: JsonObject(settings)).endObject()
    }

    private fun drop(name: String, why: String) {
        warnings += Warning(name, "dropped", why)
    }

    private companion object {
        const val FUNCTION = "function"
    }
}
