package io.kompletion.providers.openai

import io.kompletion.chat.ToolDefinition
import io.kompletion.internal.wire.JsonWriter

/** Writes tool definitions: functions, custom tools, and hosted tools as they are. */
internal class OpenAiToolWriter(private val json: JsonWriter) {
    fun write(tools: List<ToolDefinition>) {
        json.beginArray()
        for (tool in tools) {
            json.beginObject().name("type").value(tool.type)
            function(tool)
            custom(tool)
            for ((name, value) in tool.extra) json.field(name, value)
            json.endObject()
        }
        json.endArray()
    }

    private fun function(tool: ToolDefinition) {
        val function = tool.function ?: return
        json.name("function").beginObject()
        json.field("name", function.name)
        json.field("description", function.description)
        json.field("parameters", function.parameters)
        json.field("strict", function.strict)
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
}
