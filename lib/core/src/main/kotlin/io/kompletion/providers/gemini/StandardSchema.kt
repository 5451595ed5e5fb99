package io.kompletion.providers.gemini

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * JSON Schema as newer models take it: all of it goes out as it is, but for the few words that Google has no ear for,
 * and for the habits of the OpenAPI subset (`STRING`, `nullable`), which are put into JSON Schema's own words.
 */
internal class StandardSchema {
    /** What was changed, as places with what became of them. */
    val changes = ArrayList<String>()

    fun clean(schema: JsonElement): JsonElement = clean(schema, "$")

    private fun clean(schema: JsonElement, path: String): JsonElement {
        if (schema !is JsonObject) return schema
        if ("\$ref" in schema) return reference(schema, path)
        val kept = LinkedHashMap<String, JsonElement>()
        val told = ArrayList<String>()
        for ((name, value) in schema) {
            when (name) {
                "const" -> constant(schema, kept, value)

                "exclusiveMinimum", "exclusiveMaximum" -> {
                    told += "$name: ${(value as? JsonPrimitive)?.content ?: value}"
                    changes += "$path.$name moved into the description"
                }

                "discriminator" -> Unit

                "nullable" -> Unit

                "type" -> kept[name] = type(value, schema["nullable"])

                in LISTS -> kept[name] = list(value, "$path.$name")

                in MAPS -> kept[name] = map(value, "$path.$name")

                in NESTED -> kept[name] = clean(value, "$path.$name")

                else -> kept[name] = value
            }
        }
        if (told.isNotEmpty()) {
            val said = (schema["description"] as? JsonPrimitive)?.content.orEmpty()
            kept["description"] =
                JsonPrimitive((if (said.isEmpty()) "" else "$said ") + "(${told.joinToString("; ")})")
        }
        return JsonObject(kept)
    }

    /** Nothing but names of its own may stand beside a reference. */
    private fun reference(schema: JsonObject, path: String): JsonObject {
        val (own, others) = schema.entries.partition { it.key.startsWith("$") }
        for ((name, _) in others) changes += "$path.$name left out, because a reference stands alone"
        return JsonObject(
            own.associate { (name, value) -> name to if (name in MAPS) map(value, "$path.$name") else value },
        )
    }

    private fun constant(schema: JsonObject, kept: MutableMap<String, JsonElement>, value: JsonElement) {
        kept["enum"] = JsonArray(listOf(value))
        if ("type" !in schema) kept["type"] = JsonPrimitive(GeminiSchema.typeOf(value))
    }

    private fun type(type: JsonElement, nullable: JsonElement?): JsonElement {
        val isNullable = (nullable as? JsonPrimitive)?.content == "true"
        if (type is JsonArray || !isNullable) {
            val name = (type as? JsonPrimitive)?.takeIf { it.isString }?.content
            return if (name != null && name == name.uppercase()) JsonPrimitive(name.lowercase()) else type
        }
        return JsonArray((GeminiSchema.names(type) + "null").distinct().map(::JsonPrimitive))
    }

    private fun list(value: JsonElement, path: String): JsonElement =
        if (value is JsonArray) JsonArray(value.mapIndexed { i, item -> clean(item, "$path[$i]") }) else value

    private fun map(value: JsonElement, path: String): JsonElement =
        if (value is JsonObject) JsonObject(value.mapValues { (name, item) -> clean(item, "$path.$name") }) else value

    private companion object {
        val LISTS = setOf("anyOf", "oneOf", "allOf", "prefixItems")
        val MAPS = setOf("properties", "\$defs", "definitions")
        val NESTED = setOf("items", "additionalProperties")
    }
}
