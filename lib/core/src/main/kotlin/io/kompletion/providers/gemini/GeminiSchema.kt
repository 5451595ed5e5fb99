package io.kompletion.providers.gemini

import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Makes of a JSON Schema one of the subset of OpenAPI that older models take: references are put in place, a null type
 * becomes `nullable`, and what the subset does not know goes into the description, where the model at least reads it.
 *
 * @property place where the schema stands in the request, for errors
 * @see <a href="https://ai.google.dev/api/caching#Schema">Google: Schema</a>
 */
internal class GeminiSchema(private val root: JsonElement, private val place: String) {
    private val references = SchemaReferences(root, place)

    /** What was changed, as places with what became of them. */
    val changes = ArrayList<String>()

    private var size = 0

    /** @throws InvalidRequestException for a schema that the subset cannot say, with the path of the offender */
    fun subset(): JsonObject {
        references.check()
        return clean(root, "$", 1)
    }

    private fun clean(schema: JsonElement, path: String, depth: Int): JsonObject {
        if (depth > MAX_DEPTH) throw invalid("$path is nested more than $MAX_DEPTH levels deep, which Gemini refuses")
        if (++size > MAX_SIZE) throw invalid("it has more than $MAX_SIZE parts when its references are put in place")
        if (schema !is JsonObject) return any(path)
        return Subset(references.flat(schema, path), path, depth).clean()
    }

    /** One schema without a reference and without `allOf`. */
    private inner class Subset(
        private val schema: JsonObject,
        private val path: String,
        private val depth: Int,
    ) {
        private val kept = LinkedHashMap<String, JsonElement>()
        private val told = ArrayList<String>()

        fun clean(): JsonObject {
            val variants = schema.array("anyOf").orEmpty() + schema.array("oneOf").orEmpty()
            val types = types()
            when {
                variants.isNotEmpty() -> variants(variants)
                types.size > 1 -> variants(types.map { JsonObject(mapOf("type" to JsonPrimitive(it))) })
                else -> single(types.firstOrNull())
            }
            schema.string("description")?.let { kept["description"] = JsonPrimitive(it) }
            if ((schema["nullable"] as? JsonPrimitive)?.content == "true" || isNull(schema)) kept["nullable"] = TRUE
            describe()
            return JsonObject(kept)
        }

        private fun types(): List<String> = names(schema["type"]).filter { it != "null" }

        private fun variants(all: List<JsonElement>) {
            if ("oneOf" in schema) changes += "$path.oneOf sent as anyOf"
            val (nulls, others) = all.partition { it is JsonObject && names(it["type"]) == listOf("null") }
            val cleaned = others.mapIndexed { i, variant -> variant(variant, "$path.anyOf[$i]") }.distinct()
            when (cleaned.size) {
                0 -> kept["type"] = STRING
                1 -> kept += cleaned.single()
                else -> kept["anyOf"] = JsonArray(cleaned)
            }
            if (nulls.isNotEmpty()) kept["nullable"] = TRUE
        }

        /** What stands beside the variants holds for each of them. */
        private fun variant(variant: JsonElement, at: String): JsonObject {
            val beside = schema - ANNOTATIONS - SILENT
            if (beside.isEmpty() || variant !is JsonObject) return clean(variant, at, depth + 1)
            val own = references.flat(variant, at)
            val type = schema["type"]?.takeIf { "type" !in own }
            val base = if (type == null) beside else beside + ("type" to type)
            return clean(references.merged(JsonObject(base), own, at), at, depth + 1)
        }

        private fun single(said: String?) {
            val values = enum()
            val type = said ?: inferred(values)
            if (type == "object" && properties.isEmpty()) return objectAsText()
            kept["type"] = JsonPrimitive(type)
            for ((name, value) in schema) {
                when (name) {
                    in ANNOTATIONS, in SILENT, in APART -> Unit
                    "format" -> format(type, value)
                    "properties" -> if (type == "object") kept[name] = JsonObject(properties)
                    in SUBSET -> kept[name] = value
                    "additionalProperties" -> if (value != FALSE) hint(name, value)
                    else -> if (!name.startsWith("x-")) hint(name, value)
                }
            }
            if (type == "object") required()
            if (type == "array") items()
            enum(values)
        }

        private fun inferred(values: List<JsonElement>): String = when {
            "properties" in schema -> "object"
            "items" in schema || "prefixItems" in schema -> "array"
            values.isNotEmpty() -> values.map(::typeOf).distinct().singleOrNull() ?: "string"
            else -> "string".also { changes += "$path has no type; sent as string" }
        }

        private val properties: Map<String, JsonElement> by lazy {
            schema.obj("properties").orEmpty().filterValues { it != FALSE }.mapValues { (name, property) ->
                clean(property, "$path.properties.$name", depth + 1)
            }
        }

        private fun required() {
            val names = schema.array("required").orEmpty().filter { (it as? JsonPrimitive)?.content in properties }
            if (names.isNotEmpty()) kept["required"] = JsonArray(names)
        }

        /** An object that may hold anything is no object of the subset. */
        private fun objectAsText() {
            kept["type"] = STRING
            told += "a JSON object, written as text"
            changes += "$path is an object without properties; sent as a text that holds JSON"
            (schema["additionalProperties"] as? JsonObject)?.let { hint("additionalProperties", it) }
        }

        private fun items() {
            val tuple = schema.array("prefixItems") ?: schema.array("items")
            if (tuple != null) {
                val each = tuple.mapIndexed { i, item -> clean(item, "$path.prefixItems[$i]", depth + 1) }.distinct()
                kept["items"] = each.singleOrNull() ?: JsonObject(mapOf("anyOf" to JsonArray(each)))
                kept["minItems"] = JsonPrimitive(schema.int("minItems") ?: tuple.size)
                kept["maxItems"] = JsonPrimitive(schema.int("maxItems") ?: tuple.size)
                changes += "$path.prefixItems sent as items of any of these kinds"
                return
            }
            val items = schema["items"]
            if (items == null) changes += "$path has no items; sent as texts"
            kept["items"] = if (items == null) TEXT else clean(items, "$path.items", depth + 1)
        }

        private fun enum(): List<JsonElement> = schema.array("enum") ?: listOfNotNull(schema["const"])

        private fun enum(values: List<JsonElement>) {
            if (values.isEmpty()) return
            val real = values.filter { it !is JsonNull }
            if (real.size < values.size) kept["nullable"] = TRUE
            if (real.all { it is JsonPrimitive && it.isString }) {
                kept["enum"] = JsonArray(real)
            } else {
                told += "allowed values: ${real.joinToString { (it as? JsonPrimitive)?.content ?: it.toString() }}"
                changes += "$path.enum moved into the description, because only texts may be listed"
            }
        }

        private fun format(type: String, value: JsonElement) {
            if ((value as? JsonPrimitive)?.content in
                FORMATS[type].orEmpty()
            ) {
                kept["format"] = value
            } else {
                hint("format", value)
            }
        }

        private fun hint(name: String, value: JsonElement) {
            told += "$name: ${(value as? JsonPrimitive)?.content ?: value}"
            changes += "$path.$name moved into the description"
        }

        private fun describe() {
            if (told.isEmpty()) return
            val said = (kept["description"] as? JsonPrimitive)?.content.orEmpty()
            kept["description"] = JsonPrimitive((if (said.isEmpty()) "" else "$said ") + "(${told.joinToString("; ")})")
        }
    }

    private fun any(path: String): JsonObject {
        changes += "$path may be anything; sent as string"
        return TEXT
    }

    private fun isNull(schema: JsonObject) = "null" in names(schema["type"])

    private fun invalid(message: String) =
        InvalidRequestException("$place: $message", ErrorDetails.builder().param(place).build())

    companion object {
        private const val MAX_DEPTH = 32
        private const val MAX_SIZE = 10_000
        private val TRUE = JsonPrimitive(true)
        private val FALSE = JsonPrimitive(false)
        private val STRING = JsonPrimitive("string")
        private val TEXT = JsonObject(mapOf("type" to STRING))
        private val ANNOTATIONS = setOf("type", "nullable", "description", "title", "\$defs", "definitions")

        /** What the subset knows beside types, properties, items and enum. */
        private val SUBSET = setOf(
            "minItems", "maxItems", "minimum", "maximum", "minLength", "maxLength", "pattern", "minProperties",
            "maxProperties", "propertyOrdering",
        )

        /** What is written on its own. */
        private val APART = setOf("const", "enum", "items", "prefixItems", "required")

        /** What binds no answer. */
        private val SILENT = setOf(
            "\$schema", "\$id", "\$anchor", "\$comment", "examples", "example", "default", "deprecated", "readOnly",
            "writeOnly", "discriminator", "anyOf", "oneOf",
        )
        private val FORMATS = mapOf(
            "string" to setOf("enum", "date-time"),
            "number" to setOf("float", "double"),
            "integer" to setOf("int32", "int64"),
        )

        /** The types that [type] names, as JSON Schema spells them. */
        fun names(type: JsonElement?): List<String> = when (type) {
            is JsonArray -> type.mapNotNull { (it as? JsonPrimitive)?.content?.lowercase() }
            is JsonPrimitive -> if (type is JsonNull) emptyList() else listOf(type.content.lowercase())
            else -> emptyList()
        }

        /** The type of a value that is listed. */
        fun typeOf(value: JsonElement): String = when (value) {
            is JsonArray -> "array"

            is JsonObject -> "object"

            is JsonNull -> "null"

            is JsonPrimitive -> when {
                value.isString -> "string"
                value.content == "true" || value.content == "false" -> "boolean"
                value.content.toLongOrNull() != null -> "integer"
                else -> "number"
            }
        }
    }
}
