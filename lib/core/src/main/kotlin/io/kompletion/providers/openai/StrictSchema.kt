package io.kompletion.providers.openai

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull

/**
 * What OpenAI's strict mode asks of a schema: objects that name all their properties as required and allow no others,
 * an object at the root without `anyOf`, and none of a few keywords.
 *
 * @see <a href="https://platform.openai.com/docs/guides/structured-outputs">OpenAI: structured outputs</a>
 */
internal object StrictSchema {
    /** The first thing that strict mode would refuse, with its path; null when there is none. */
    fun problem(schema: JsonElement): String? {
        val root = schema as? JsonObject ?: return "$ is no object"
        if ((root["type"] as? JsonPrimitive)?.content != "object" && "\$ref" !in root) return "$.type is not \"object\""
        if ("anyOf" in root) return "$.anyOf is not allowed at the root"
        return inside(root, "$", 0)
    }

    private fun inside(schema: JsonElement, path: String, depth: Int): String? {
        if (depth > MAX_DEPTH) return "$path is nested too deeply"
        val fields = schema as? JsonObject ?: return null
        REFUSED.firstOrNull { it in fields }?.let { return "$path.$it is not allowed" }
        val properties = fields["properties"] as? JsonObject
        if (properties != null || (fields["type"] as? JsonPrimitive)?.content == "object") {
            val closed = (fields["additionalProperties"] as? JsonPrimitive)?.booleanOrNull == false
            if (!closed) return "$path.additionalProperties is not false"
            val required = (fields["required"] as? JsonArray).orEmpty().mapNotNull { (it as? JsonPrimitive)?.content }
            properties?.keys?.firstOrNull { it !in required }?.let { return "$path.required lacks \"$it\"" }
        }
        properties?.forEach { (name, value) ->
            inside(value, "$path.properties.$name", depth + 1)?.let { return it }
        }
        fields["items"]?.let { value -> inside(value, "$path.items", depth + 1)?.let { return it } }
        for (keyword in LISTS) {
            (fields[keyword] as? JsonArray)?.forEachIndexed { index, value ->
                inside(value, "$path.$keyword[$index]", depth + 1)?.let { return it }
            }
        }
        for (keyword in MAPS) {
            (fields[keyword] as? JsonObject)?.forEach { (name, value) ->
                inside(value, "$path.$keyword.$name", depth + 1)?.let { return it }
            }
        }
        return null
    }

    private const val MAX_DEPTH = 100
    private val LISTS = listOf("anyOf", "prefixItems")
    private val MAPS = listOf("\$defs", "definitions")
    private val REFUSED = listOf(
        "allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas",
        "minLength", "maxLength", "patternProperties", "unevaluatedProperties", "propertyNames",
        "minProperties", "maxProperties", "unevaluatedItems", "contains", "minContains", "maxContains", "uniqueItems",
    )
}
