package io.kompletion.providers.cohere

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.FunctionDefinition
import io.kompletion.chat.ToolChoice
import io.kompletion.internal.wire.FieldWriter
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Writes functions and the choice among them. Cohere knows two choices, `REQUIRED` and `NONE`; a named tool is required
 * by sending it alone.
 */
internal class CohereToolWriter(private val request: ChatCompletionRequest, private val fields: FieldWriter) {
    private val json = fields.json
    private val functions: List<FunctionDefinition> = request.tools.orEmpty().mapIndexed { index, tool ->
        tool.function ?: throw fields.unsupported("Cohere has functions only, not \"${tool.type}\"", "tools[$index]")
    }

    fun write() {
        val choice = request.toolChoice
        if (functions.isNotEmpty()) {
            fields.own("tools") { functions(named(choice)) }
            strictness()
        }
        if (choice != null) choice(choice)
        if (request.parallelToolCalls == false) {
            fields.drop("parallel_tool_calls", "Cohere decides itself how many calls it makes at once")
        }
    }

    private fun named(choice: ToolChoice?): List<FunctionDefinition> {
        val name = (choice as? ToolChoice.Named)?.name ?: return functions
        return functions.filter { it.name == name }.ifEmpty {
            throw fields.unsupported("no tool is called \"$name\"", "tool_choice")
        }
    }

    private fun functions(list: List<FunctionDefinition>) {
        json.beginArray()
        for (function in list) {
            json.beginObject().name("type").value("function").name("function").beginObject()
            json.field("name", function.name)
            json.field("description", function.description)
            json.field("parameters", function.parameters ?: NO_PARAMETERS)
            for ((name, value) in function.extra) json.field(name, value)
            json.endObject().endObject()
        }
        json.endArray()
    }

    /** Strictness is one switch for all tools. */
    private fun strictness() {
        val strict = functions.count { it.strict == true }
        if (strict == functions.size) return fields.own("strict_tools", true)
        if (strict > 0) fields.drop("tools.strict", "Cohere is strict with all tools or none")
    }

    private fun choice(choice: ToolChoice) {
        if (functions.isEmpty() && "tools" !in fields.overrides) return fields.drop(CHOICE, "there are no tools")
        when (choice) {
            // What it does when nothing is said.
            is ToolChoice.Auto -> Unit

            is ToolChoice.None -> fields.own(CHOICE) { json.value("NONE") }

            is ToolChoice.Required -> fields.own(CHOICE) { json.value(REQUIRED) }

            is ToolChoice.Named -> {
                fields.own(CHOICE) { json.value(REQUIRED) }
                fields.map(CHOICE, "sent as $REQUIRED, with no other tool than \"${choice.name}\"")
            }

            is ToolChoice.Raw -> fields.own(CHOICE) { json.value(choice.value) }
        }
    }

    private companion object {
        const val CHOICE = "tool_choice"
        const val REQUIRED = "REQUIRED"
        val NO_PARAMETERS: JsonElement = JsonObject(
            mapOf("type" to JsonPrimitive("object"), "properties" to JsonObject(emptyMap())),
        )
    }
}
