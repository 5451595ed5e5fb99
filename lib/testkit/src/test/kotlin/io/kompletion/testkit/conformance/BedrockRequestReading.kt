package io.kompletion.testkit.conformance

import io.kompletion.testkit.internal.isTrue
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject

/**
 * A request in Converse's words, told again in the library's: instructions are messages, the results of tools are
 * messages of their own, a cache point stands on what it ends, what only Converse has stands in the options of `bedrock`.
 */
internal object BedrockRequestReading {
    fun of(body: JsonObject): JsonObject = buildJsonObject {
        put("messages", JsonArray(instructions(body) + body.objects("messages").flatMap(::messages)))
        body.obj("inferenceConfig")?.forEach { (name, value) -> put(INFERENCE[name] ?: error("unknown $name"), value) }
        body.obj("toolConfig")?.let { config ->
            put("tools", JsonArray(marked(config.objects("tools")).map(::tool)))
            config.obj("toolChoice")?.let { put("tool_choice", choice(it)) }
        }
        body.obj("outputConfig")?.obj("textFormat")?.obj("structure")?.obj("jsonSchema")?.let { format ->
            putJsonObject("response_format") {
                put("type", "json_schema")
                put("json_schema", JsonObject(format + ("schema" to json(format.text("schema").orEmpty()))))
            }
        }
        body.obj("serviceTier")?.text("type")?.let { put("service_tier", it) }
        val own = body.filterKeys { it !in MAPPED }
        if (own.isNotEmpty()) put("provider_options", JsonObject(mapOf("bedrock" to JsonObject(own))))
    }

    /** Blocks without the cache points, each of which stands as `cache_control` on the block before it. */
    private fun marked(blocks: List<JsonObject>): List<JsonObject> {
        val kept = ArrayList<JsonObject>()
        for (block in blocks) {
            val point = block.obj("cachePoint")
            if (point == null) kept += block else kept += JsonObject(kept.removeLast() + ("cache_control" to JsonObject(point - "type")))
        }
        return kept
    }

    private fun instructions(body: JsonObject): List<JsonElement> = marked(body.objects("system")).map { said("system", "content", listOf(part(it))) }

    private fun messages(message: JsonObject): List<JsonElement> {
        val blocks = marked(message.objects("content"))
        if (message.text("role") == "assistant") return listOf(said("assistant", "parts", blocks.map(::part)))
        val (results, others) = blocks.partition { "toolResult" in it }
        return results.map { result(it) } + listOfNotNull(said("user", "content", others.map(::part)).takeIf { others.isNotEmpty() })
    }

    private fun said(role: String, field: String, parts: List<JsonElement>) =
        JsonObject(mapOf("role" to JsonPrimitive(role), field to JsonArray(parts)))

    private fun result(block: JsonObject): JsonElement = buildJsonObject {
        val result = block.obj("toolResult") ?: error("no result")
        val content = result.objects("content")
        put("role", "tool")
        put("tool_call_id", result.getValue("toolUseId"))
        put("content", content.singleOrNull()?.obj("json") ?: JsonArray(content.map(::part)))
        result.text("status")?.let { put("is_error", it == "error") }
        block["cache_control"]?.let { put("cache_breakpoint", it) }
    }

    private fun part(block: JsonObject): JsonElement {
        val cache = listOfNotNull(block["cache_control"]?.let { "cache_control" to it })
        val kind = block.keys.first { it != "cache_control" }
        val told = when (kind) {
            "text" -> mapOf("type" to JsonPrimitive("text"), "text" to block.getValue(kind))

            // A document in pieces has no form of its own in the library.
            "image", "document" -> if (block.obj(kind)?.obj("source")?.containsKey("content") == true) {
                mapOf("type" to JsonPrimitive(kind), kind to block.getValue(kind))
            } else {
                media(kind, block.getValue(kind) as JsonObject)
            }

            "toolUse" -> call(block.getValue(kind) as JsonObject)

            "reasoningContent" -> reasoning(block.getValue(kind) as JsonObject)

            else -> mapOf("type" to JsonPrimitive(kind), kind to block.getValue(kind))
        }
        return JsonObject(told + cache)
    }

    private fun media(kind: String, fields: JsonObject): Map<String, JsonElement> = buildMap {
        val source = fields.obj("source") ?: error("no source")
        val type = TYPES.getValue(fields.text("format").orEmpty())
        put("type", JsonPrimitive(kind))
        put(
            "source",
            buildJsonObject {
                val place = source.obj("s3Location")?.text("uri")
                put("media_type", type)
                when {
                    place != null -> put("type", "url").also { put("url", place) }
                    "text" in source -> put("type", "text").also { put("data", source.getValue("text")) }
                    else -> put("type", "base64").also { put("data", source.getValue("bytes")) }
                }
            },
        )
        fields["name"]?.let { put("title", it) }
        fields["context"]?.let { put("context", it) }
        fields.obj("citations")?.let { put("citations", it) }
    }

    private fun call(call: JsonObject): Map<String, JsonElement> {
        val function = mapOf("name" to call.getValue("name"), "arguments" to call.getValue("input"))
        val told = mapOf("id" to call.getValue("toolUseId"), "function" to JsonObject(function))
        return mapOf("type" to JsonPrimitive("tool_call"), "tool_call" to JsonObject(told))
    }

    private fun reasoning(reasoning: JsonObject): Map<String, JsonElement> {
        val readable = reasoning.obj("reasoningText")
            ?: return mapOf("type" to JsonPrimitive("redacted_reasoning"), "data" to reasoning.getValue("redactedContent"))
        return readable + ("type" to JsonPrimitive("reasoning"))
    }

    private fun tool(tool: JsonObject): JsonElement {
        val spec = tool.obj("toolSpec")
        val cache = tool.filterKeys { it == "cache_control" }
        if (spec == null) {
            val kind = tool.keys.first { it != "cache_control" }
            return JsonObject(tool.obj(kind).orEmpty() + cache + ("type" to JsonPrimitive(kind)))
        }
        val function = buildJsonObject {
            put("name", spec.getValue("name"))
            spec["description"]?.let { put("description", it) }
            put("parameters", spec.obj("inputSchema")?.get("json") ?: error("no schema"))
            if (spec.isTrue("strict")) put("strict", true)
        }
        return JsonObject(cache + mapOf("type" to JsonPrimitive("function"), "function" to function))
    }

    private fun choice(choice: JsonObject): JsonElement =
        JsonPrimitive(choice.obj("tool")?.text("name") ?: if ("any" in choice) "required" else "auto")

    private val INFERENCE =
        mapOf("maxTokens" to "max_tokens", "temperature" to "temperature", "topP" to "top_p", "stopSequences" to "stop")
    private val MAPPED = setOf("messages", "system", "inferenceConfig", "toolConfig", "outputConfig", "serviceTier")
    private val TYPES = mapOf(
        "png" to "image/png",
        "jpeg" to "image/jpeg",
        "gif" to "image/gif",
        "webp" to "image/webp",
        "pdf" to "application/pdf",
        "txt" to "text/plain",
        "md" to "text/markdown",
        "csv" to "text/csv",
        "html" to "text/html",
    )
}
