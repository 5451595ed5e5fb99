package io.kompletion.providers.gemini

import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** Puts what a reference of a schema means in its place, and makes one schema of those that hold together. */
internal class SchemaReferences(private val root: JsonElement, private val place: String) {
    private val known = HashSet<String>()

    /** @throws InvalidRequestException for a schema that contains itself, or refers to what is not there */
    fun check() = walk(root, "$", listOf("#"))

    private fun walk(element: JsonElement, path: String, open: List<String>) {
        when (element) {
            is JsonArray -> element.forEachIndexed { i, item -> walk(item, "$path[$i]", open) }

            is JsonObject -> {
                element.string(REF)?.let { follow(it, path, open) }
                for ((name, value) in element) if (name !in DEFINITIONS) walk(value, "$path.$name", open)
            }

            else -> Unit
        }
    }

    private fun follow(reference: String, path: String, open: List<String>) {
        if (reference in open) {
            throw invalid("$path refers to itself by \"$reference\"; this model takes no recursive schema")
        }
        val found = find(reference) ?: throw invalid("$path refers to \"$reference\", which the schema does not have")
        if (reference !in known) walk(found, path, open + reference)
        known += reference
    }

    /** [schema] without a reference and without `allOf` at its top. What stands beside a reference outranks it. */
    fun flat(schema: JsonObject, path: String): JsonObject {
        val meant = schema.string(REF)?.let(::find)
        if (meant != null) return flat(JsonObject(meant + (schema - REF)), path)
        val parts = schema.array(ALL) ?: return schema
        return parts.filterIsInstance<JsonObject>().foldIndexed(JsonObject(schema - ALL)) { i, merged, part ->
            merged(merged, flat(part, "$path.allOf[$i]"), "$path.allOf[$i]")
        }
    }

    /** The schema of what both allow; [path] is where [other] stands. */
    fun merged(one: JsonObject, other: JsonObject, path: String): JsonObject {
        val all = LinkedHashMap(one)
        for ((name, value) in other) {
            val before = one[name]
            all[name] = when {
                before == null || before == value || name in REMARKS -> before ?: value
                name == "properties" -> properties(one, other, path)
                name == "required" -> JsonArray((one.array(name).orEmpty() + other.array(name).orEmpty()).distinct())
                else -> throw invalid("$path says another \"$name\" than what it is to hold together with")
            }
        }
        return JsonObject(all)
    }

    private fun properties(one: JsonObject, other: JsonObject, path: String): JsonObject {
        val mine = one.obj("properties").orEmpty()
        val both = other.obj("properties").orEmpty().mapValues { (name, schema) ->
            val before = mine[name]
            if (before is JsonObject && schema is JsonObject) {
                merged(before, schema, "$path.properties.$name")
            } else {
                before ?: schema
            }
        }
        return JsonObject(mine + both)
    }

    private fun find(reference: String): JsonObject? {
        if (!reference.startsWith("#")) return null
        var at: JsonElement = root
        for (step in reference.removePrefix("#").split('/').drop(1)) {
            val name = step.replace("~1", "/").replace("~0", "~")
            at = when (at) {
                is JsonObject -> at[name]
                is JsonArray -> name.toIntOrNull()?.let(at::getOrNull)
                else -> null
            } ?: return null
        }
        return at as? JsonObject
    }

    private fun invalid(message: String) =
        InvalidRequestException("$place: $message", ErrorDetails.builder().param(place).build())

    private companion object {
        const val REF = "\$ref"
        const val ALL = "allOf"
        val DEFINITIONS = setOf("\$defs", "definitions")
        val REMARKS = setOf("title", "description", "default", "examples", "\$defs", "definitions", "\$id", "\$schema")
    }
}
