package io.kompletion.testkit.conformance

import io.kompletion.chat.Warning
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Where a request of Anthropic's that was read and written again differs from the recorded one. The documentation says
 * that these mean the same:
 * - text is a list of one text block; an empty text is none;
 * - messages of one role that follow each other are one, and the results of tools stand first in it;
 * - an absent field is null, `is_error` false, `disable_parallel_tool_use` false, a tool of type `custom`, thinking that is
 *   `disabled`, `auto` as the choice where nothing else stands beside it;
 * - the method that is called decides about `stream`;
 * - everything that a warning of the answer names.
 */
internal class AnthropicRequestComparison(private val warnings: List<Warning>) {
    private val found = ArrayList<String>()

    fun differences(recorded: JsonObject, sent: JsonObject): List<String> {
        compare("", normal(recorded), normal(sent))
        return found
    }

    private fun compare(path: String, wanted: JsonElement?, got: JsonElement?) {
        when {
            wanted == null && got == null -> Unit

            wanted is JsonObject && got is JsonObject -> (wanted.keys + got.keys).forEach { name ->
                compare(if (path.isEmpty()) name else "$path.$name", wanted[name], got[name])
            }

            wanted is JsonArray && got is JsonArray && wanted.size == got.size ->
                wanted.indices.forEach { compare("$path[$it]", wanted[it], got[it]) }

            wanted != null && got != null && Trees.same(wanted, got) -> Unit

            warnings.none { it.parameter == path } ->
                found += "$path: expected ${clipped(wanted)}, got ${clipped(got)}"
        }
    }

    private fun normal(body: JsonObject): JsonObject = JsonObject(
        body.filterKeys { it != "stream" }.mapNotNull { (name, value) ->
            val meant = when (name) {
                "system" -> blocks(value)
                "messages" -> turns(value as JsonArray)
                "tools" -> JsonArray((value as JsonArray).map { tool(it as JsonObject) })
                "tool_choice" -> choice(value as JsonObject)
                "thinking" -> value.takeUnless { (it as JsonObject).text("type") == "disabled" }
                else -> value
            }
            meant?.takeUnless { it is JsonNull || (it is JsonArray && it.isEmpty()) }?.let { name to it }
        }.toMap(),
    )

    private fun turns(messages: JsonArray): JsonArray {
        val turns = ArrayList<Pair<String?, List<JsonElement>>>()
        for (message in messages) {
            val role = (message as JsonObject).text("role")
            val blocks = blocks(message["content"])
            if (turns.lastOrNull()?.first == role) {
                turns += role to turns.removeLast().second + blocks
            } else {
                turns += role to blocks
            }
        }
        return JsonArray(
            turns.map { (role, blocks) ->
                val (results, others) = blocks.partition { (it as JsonObject).text("type") == "tool_result" }
                JsonObject(mapOf("role" to JsonPrimitive(role), "content" to JsonArray(results + others)))
            },
        )
    }

    private fun blocks(content: JsonElement?): JsonArray = JsonArray(
        when (content) {
            is JsonArray -> content.mapNotNull { block(it as JsonObject) }
            is JsonPrimitive -> listOfNotNull(block(JsonObject(mapOf("type" to TEXT, "text" to content))))
            else -> emptyList()
        },
    )

    private fun block(block: JsonObject): JsonObject? = when (block.text("type")) {
        "text" -> block.takeUnless { it.text("text").isNullOrEmpty() }

        "tool_result" -> {
            val meant = (block + ("content" to blocks(block["content"]))).filter { (name, value) ->
                value !is JsonNull && !(name == "is_error" && value == JsonPrimitive(false))
            }
            JsonObject(meant)
        }

        else -> JsonObject(block.filterValues { it !is JsonNull })
    }

    private fun tool(tool: JsonObject): JsonObject =
        JsonObject(tool.filter { (name, value) -> value !is JsonNull && !(name == "type" && value == CUSTOM) })

    private fun choice(choice: JsonObject): JsonObject? {
        val meant = choice.filter { (name, value) -> !(name == PARALLEL && value == JsonPrimitive(false)) }
        return JsonObject(meant).takeUnless { it == AUTO }
    }

    private companion object {
        const val PARALLEL = "disable_parallel_tool_use"
        val TEXT = JsonPrimitive("text")
        val CUSTOM = JsonPrimitive("custom")
        val AUTO = JsonObject(mapOf("type" to JsonPrimitive("auto")))
    }
}
