package io.kompletion.providers.openai

import io.kompletion.chat.ToolChoice
import io.kompletion.chat.ToolDefinition
import io.kompletion.chat.Warning
import io.kompletion.internal.wire.JsonWriter

/** Writes tools, functions, custom tools and hosted tools as they are, and the choice among them. */
internal class OpenAiToolWriter(
    private val json: JsonWriter,
    private val modelName: String,
    private val traits: ModelTraits,
    private val requiredTool: String,
    private val warnings: MutableList<Warning>,
) {
    fun write(tools: List<ToolDefinition>) {
        json.beginArray()
        tools.forEachIndexed { index, tool ->
            json.beginObject().name("type").value(tool.type)
            function(tool, "tools[$index].function")
            custom(tool)
            for ((name, value) in tool.extra) json.field(name, value)
            json.endObject()
        }
        json.endArray()
    }

    private fun function(tool: ToolDefinition, place: String) {
        val function = tool.function ?: return
        json.name("function").beginObject()
        json.field("name", function.name)
        json.field("description", function.description)
        json.field("parameters", function.parameters)
        if (traits.takesStrictTools) {
            json.field("strict", function.strict)
        } else if (function.strict != null) {
            warnings += Warning("$place.strict", "dropped", "$modelName does not know it")
        }
        for ((name, value) in function.extra) json.field(name, value)
        json.endObject()
    }

    private fun custom(tool: ToolDefinition) {
        val custom = tool.custom ?: return
        json.name("custom").beginObject()
        json.field("name", custom.name)
        json.field("description", custom.description)
        json.field("format", custom.format)
        for ((name, value) in custom.extra) json.field(name, value)
        json.endObject()
    }

    /** What the model is told of [choice]; [isThinking] where thinking has a switch, and is on. */
    fun choice(choice: ToolChoice, tools: List<ToolDefinition>, isThinking: Boolean) {
        when (val allowed = allowed(choice, isThinking)) {
            is ToolChoice.Raw -> json.value(allowed.value)

            is ToolChoice.Named -> {
                val kind = if (tools.any { it.custom?.name == allowed.name }) "custom" else "function"
                json.beginObject().name("type").value(kind)
                json.name(kind).beginObject().name("name").value(allowed.name).endObject().endObject()
            }

            is ToolChoice.Required -> json.value(requiredTool)

            else -> json.value(allowed.toString())
        }
    }

    private fun allowed(choice: ToolChoice, isThinking: Boolean): ToolChoice {
        val why = when {
            choice is ToolChoice.Auto || choice is ToolChoice.None -> return choice
            isThinking -> "$modelName decides itself about tools while it thinks"
            choice is ToolChoice.Required && !traits.takesRequiredTool -> "$modelName cannot be made to call some tool"
            else -> return choice
        }
        warnings += Warning("tool_choice", "mapped", "$why; sent as auto")
        return ToolChoice.Auto
    }
}
