package io.kompletion.testkit.conformance

import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.intOrNull

/**
 * One form for requests that mean the same to Gemini:
 * - names in snake case are names in camel case, but not in schemas, arguments, results and labels;
 * - a single part or tool is a list of one, an explicit null is an absent field, and so is an empty object of settings;
 * - the role of instructions says nothing, a turn without a role is the user's, turns of one role are one turn, and
 *   texts without a signature that are empty are none, and so are turns and instructions without parts;
 * - functions stand in one list, before the other tools; an empty schema of arguments is none;
 * - a schema has one name, whether it is JSON Schema or of the subset of OpenAPI; types are in lower case, and numbers
 *   of types are their names;
 * - modalities are in lower case, levels of thinking in upper case;
 * - `topK` is a whole number, and the model stands in the path.
 */
internal object GeminiNormalForm {
    fun of(body: JsonObject): JsonObject {
        val fields = camel(body)
        return JsonObject(
            buildMap {
                for ((name, value) in fields) {
                    when (name) {
                        "model" -> Unit
                        "contents" -> put(name, contents(list(value)))
                        "systemInstruction" -> instructions(value as JsonObject)?.let { put(name, it) }
                        "generationConfig" -> generation(value as JsonObject).takeIf { it.isNotEmpty() }?.let { put(name, it) }
                        "tools" -> tools(list(value)).takeIf { it.isNotEmpty() }?.let { put(name, it) }
                        "toolConfig" -> toolConfig(value as JsonObject).takeIf { it.isNotEmpty() }?.let { put(name, it) }
                        else -> put(name, value)
                    }
                }
            },
        )
    }

    private fun instructions(value: JsonObject): JsonObject? =
        parts(value).takeIf { it.isNotEmpty() }?.let { JsonObject(mapOf("parts" to it)) }

    private fun list(value: JsonElement): List<JsonObject> =
        (value as? JsonArray ?: listOf(value)).filterIsInstance<JsonObject>()

    private fun camel(fields: JsonObject): JsonObject =
        JsonObject(fields.filterValues { it !is JsonNull }.mapKeys { (name, _) -> camel(name) })

    private fun camel(name: String) =
        Regex("_([a-z])").replace(name) { it.groupValues[1].uppercase() }

    private fun contents(contents: List<JsonObject>): JsonArray {
        val turns = ArrayList<Pair<String, List<JsonElement>>>()
        for (content in contents) {
            val role = content.text("role") ?: "user"
            val parts = parts(content).ifEmpty { continue }
            val last = turns.lastOrNull()
            if (last?.first == role) {
                turns[turns.lastIndex] = role to last.second + parts
            } else {
                turns += role to parts
            }
        }
        return JsonArray(
            turns.map { (role, parts) ->
                JsonObject(mapOf("role" to JsonPrimitive(role), "parts" to JsonArray(parts)))
            },
        )
    }

    private fun parts(holder: JsonObject): JsonArray =
        JsonArray(list(holder["parts"] ?: JsonArray(emptyList())).map(::part).filterNot(::isNothing))

    private fun isNothing(part: JsonObject) = part.keys == setOf("text") && part.text("text").orEmpty().isEmpty()

    private fun part(part: JsonObject): JsonObject = JsonObject(
        camel(part).mapValues { (name, value) ->
            when (name) {
                "inlineData", "fileData", "functionResponse" -> camel(value as JsonObject)
                "functionCall" -> JsonObject(mapOf("args" to JsonObject(emptyMap())) + camel(value as JsonObject))
                else -> value
            }
        },
    )

    private fun generation(config: JsonObject) = JsonObject(
        buildMap {
            for ((name, value) in camel(config)) {
                when (name) {
                    "responseSchema", "responseJsonSchema" -> put("schema", schema(value))
                    "responseModalities" -> put(name, JsonArray((value as JsonArray).map { lower(it) }))
                    "thinkingConfig" -> put(name, thinking(value as JsonObject))
                    "topK" -> put(name, JsonPrimitive((value as JsonPrimitive).content.toDouble().toInt()))
                    else -> put(name, value)
                }
            }
        },
    )

    private fun thinking(config: JsonObject) = JsonObject(
        camel(config).mapValues { (name, value) ->
            if (name == "thinkingLevel") JsonPrimitive((value as JsonPrimitive).content.uppercase()) else value
        },
    )

    private fun lower(value: JsonElement) = JsonPrimitive((value as JsonPrimitive).content.lowercase())

    private fun tools(tools: List<JsonObject>): JsonArray {
        val all = tools.map(::camel)
        val functions = all.flatMap { list(it["functionDeclarations"] ?: JsonArray(emptyList())) }.map(::function)
        val others = all.flatMap { tool -> tool.filterKeys { it != "functionDeclarations" }.map { it.key to it.value } }
        val lists = if (functions.isEmpty()) emptyList() else listOf("functionDeclarations" to JsonArray(functions))
        return JsonArray((lists + others.sortedBy { it.first }).map { JsonObject(mapOf(it)) })
    }

    private fun function(function: JsonObject) = JsonObject(
        buildMap {
            for ((name, value) in camel(function)) {
                when (name) {
                    "parameters", "parametersJsonSchema" ->
                        schema(value).takeUnless { it.obj("properties").isNullOrEmpty() }?.let { put("parameters", it) }

                    else -> put(name, value)
                }
            }
        },
    )

    private fun toolConfig(config: JsonObject) = JsonObject(
        camel(config).mapValues { (_, value) -> if (value is JsonObject) camel(value) else value }
            .filterValues { it != JsonObject(emptyMap()) },
    )

    private fun schema(schema: JsonElement): JsonObject = JsonObject(
        (schema as JsonObject).mapValues { (name, value) ->
            when {
                name == "type" && value is JsonPrimitive -> type(value)
                name in NESTED && value is JsonObject -> schema(value)
                name in MAPS && value is JsonObject -> JsonObject(value.mapValues { schema(it.value) })
                value is JsonArray && value.all { it is JsonObject } -> JsonArray(value.map(::schema))
                else -> value
            }
        },
    )

    private fun type(value: JsonPrimitive): JsonPrimitive =
        JsonPrimitive(value.takeIf { !it.isString }?.intOrNull?.let(TYPES::getOrNull) ?: value.content.lowercase())

    private val NESTED = setOf("items", "additionalProperties")
    private val MAPS = setOf("properties", "\$defs")
    private val TYPES = listOf("unspecified", "string", "number", "integer", "boolean", "array", "object")
}
