package io.kompletion.internal.call

import io.kompletion.internal.call.RequestChecks.fail
import io.kompletion.internal.wire.StrictJson
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** What every provider needs of a JSON Schema, and of any JSON that a caller gives. */
internal object SchemaChecks {
    private const val MAX_DEPTH = 100

    /** A schema for an answer. */
    fun schema(schema: JsonElement, place: String) {
        if (schema !is JsonObject) fail(place, "$place must be a JSON object, got ${kind(schema)}")
        json(schema, place)
    }

    /** JSON that can be sent: not nested without end, and no number that JSON does not have. */
    fun json(element: JsonElement, place: String) = walk(element, place, 0)

    /** A schema for arguments: its root is an object. */
    fun parameters(schema: JsonElement, place: String) {
        schema(schema, place)
        val type = ((schema as JsonObject)["type"] as? JsonPrimitive)?.content ?: return
        if (type != "object") fail(place, "$place: the root type must be \"object\", got \"$type\"")
    }

    private fun walk(element: JsonElement, place: String, depth: Int) {
        if (depth > MAX_DEPTH) fail(place, "$place is nested more than $MAX_DEPTH levels deep")
        when (element) {
            is JsonObject -> element.values.forEach { walk(it, place, depth + 1) }

            is JsonArray -> element.forEach { walk(it, place, depth + 1) }

            is JsonPrimitive -> if (!element.isString && !StrictJson.isLiteral(element.content)) {
                fail(place, "$place contains ${RequestChecks.shown(element.content)}, which is no JSON")
            }
        }
    }

    private fun kind(element: JsonElement): String = when (element) {
        is JsonArray -> "an array"
        is JsonObject -> "an object"
        is JsonPrimitive -> if (element.isString) "a string" else element.content
    }
}
