package io.kompletion.testkit.conformance

import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject

/**
 * A request in Anthropic's words, told again in the library's: instructions are messages, the results of tools are
 * messages of their own, what only Anthropic has stands in the options of `anthropic`.
 */
internal object AnthropicRequestReading {
    fun of(body: JsonObject): JsonObject = buildJsonObject {
        put("messages", JsonArray(instructions(body["system"]) + body.objects("messages").flatMap(::messages)))
        for ((name, value) in body) {
            when (name) {
                "messages", "system", "stream" -> Unit
                "tools" -> put("tools", JsonArray(body.objects("tools").map(::tool)))
                "tool_choice" -> choice(body.getValue("tool_choice") as JsonObject).forEach { put(it.key, it.value) }
                "stop_sequences" -> put("stop", value)
                "cache_control" -> put("cache_breakpoint", value)
                in SHARED -> put(name, value)
                else -> Unit
            }
        }
        val own = body.filterKeys { it !in SHARED && it !in MAPPED }
        if (own.isNotEmpty()) put("provider_options", JsonObject(mapOf("anthropic" to JsonObject(own))))
    }

    /** Each block of the instructions is a message of its own. */
    private fun instructions(system: JsonElement?): List<JsonElement> = blocks(system).map { block ->
        JsonObject(mapOf("role" to JsonPrimitive("system"), "content" to JsonArray(listOf(block))))
    }

    private fun messages(message: JsonObject): List<JsonElement> {
        val blocks = blocks(message["content"])
        return when (val role = message.text("role")) {
            "assistant" -> listOf(said("assistant", "parts", blocks.map(::part)))

            "user" -> {
                val (results, others) = blocks.partition { it.text("type") == "tool_result" }
                results.map(::result) + listOfNotNull(said("user", "content", others).takeIf { others.isNotEmpty() })
            }

            else -> listOf(said(role.orEmpty(), "content", blocks))
        }
    }

    private fun said(role: String, field: String, blocks: List<JsonElement>) =
        JsonObject(mapOf("role" to JsonPrimitive(role), field to JsonArray(blocks)))

    private fun result(block: JsonObject): JsonElement = buildJsonObject {
        put("role", JsonPrimitive("tool"))
        put("tool_call_id", block.getValue("tool_use_id"))
        block["content"]?.let { put("content", it) }
        block["is_error"]?.let { put("is_error", it) }
        block["cache_control"]?.let { put("cache_breakpoint", it) }
    }

    private fun part(block: JsonObject): JsonElement = when (block.text("type")) {
        "thinking" -> buildJsonObject {
            put("type", JsonPrimitive("reasoning"))
            put("text", block.getValue("thinking"))
            block["signature"]?.let { put("signature", it) }
        }

        "redacted_thinking" -> JsonObject(block + ("type" to JsonPrimitive("redacted_reasoning")))

        "tool_use" -> call(block)

        else -> block
    }

    private fun call(block: JsonObject): JsonElement {
        val function = mapOf("name" to block.getValue("name"), "arguments" to block.getValue("input"))
        val fields = block - setOf("type", "name", "input")
        return JsonObject(
            mapOf("type" to JsonPrimitive("tool_call"), "tool_call" to JsonObject(fields + ("function" to JsonObject(function)))),
        )
    }

    private fun tool(tool: JsonObject): JsonElement {
        val type = tool.text("type")
        if (type != null && type != "custom") return tool
        val function = buildJsonObject {
            put("name", tool.getValue("name"))
            tool["description"]?.let { put("description", it) }
            put("parameters", tool.getValue("input_schema"))
            tool["strict"]?.let { put("strict", it) }
        }
        val others = tool - setOf("type", "name", "description", "input_schema", "strict")
        return JsonObject(others + mapOf("type" to JsonPrimitive("function"), "function" to function))
    }

    private fun choice(choice: JsonObject): JsonObject = buildJsonObject {
        val said = when (val type = choice.text("type")) {
            "any" -> "required"
            "tool" -> choice.text("name")
            else -> type
        }
        put("tool_choice", JsonPrimitive(said))
        if (choice["disable_parallel_tool_use"] == JsonPrimitive(true)) put("parallel_tool_calls", JsonPrimitive(false))
    }

    private fun blocks(content: JsonElement?): List<JsonObject> = when (content) {
        is JsonArray -> content.map { it as JsonObject }
        is JsonPrimitive -> listOf(JsonObject(mapOf("type" to JsonPrimitive("text"), "text" to content)))
        else -> emptyList()
    }

    private val MAPPED = setOf("messages", "system", "stream", "tools", "tool_choice", "stop_sequences", "cache_control")
    private val SHARED = setOf("model", "max_tokens", "temperature", "top_p", "top_k", "service_tier")
}
