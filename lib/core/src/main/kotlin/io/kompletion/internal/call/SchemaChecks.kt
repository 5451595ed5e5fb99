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
    private const val MAX_WORD = 9
    private const val MAX_CHARS = 1L shl 20

    /** Quotes, colon and comma of a field. */
    private const val MARKS = 4

    /** A schema for an answer. */
    fun schema(schema: JsonElement, place: String) {
        if (schema !is JsonObject) fail(place, "$place must be a JSON object, got ${kind(schema)}")
        val size = walk(schema, place, 0)
        if (size > MAX_CHARS) {
            fail(place, "$place has about $size characters, more than the $MAX_CHARS that a schema may have")
        }
    }

    /** JSON that can be sent: not nested without end, and nothing that JSON does not have. */
    fun json(element: JsonElement, place: String) {
        walk(element, place, 0)
    }

    /** A schema for arguments: its root is an object. */
    fun parameters(schema: JsonElement, place: String) {
        schema(schema, place)
        val type = ((schema as JsonObject)["type"] as? JsonPrimitive)?.content ?: return
        if (type != "object") fail(place, "$place: the root type must be \"object\", got \"$type\"")
    }

    /** About how many characters it has. */
    private fun walk(element: JsonElement, place: String, depth: Int): Long {
        if (depth > MAX_DEPTH) fail(place, "$place is nested more than $MAX_DEPTH levels deep")
        return when (element) {
            is JsonObject -> {
                var size = 2L
                for ((name, value) in element) {
                    TextChecks.text(name, place)
                    size += name.length + MARKS + walk(value, place, depth + 1)
                }
                size
            }

            is JsonArray -> {
                var size = 2L
                for (value in element) size += 1 + walk(value, place, depth + 1)
                size
            }

            is JsonPrimitive -> {
                if (element.isString) {
                    TextChecks.text(element.content, place)
                } else if (!StrictJson.isLiteral(element.content)) {
                    fail(place, "$place contains ${word(element.content)}, which is no JSON")
                }
                element.content.length.toLong()
            }
        }
    }

    /** A word like `NaN` is worth showing; what is longer may be anything. */
    private fun word(text: String) = if (text.length <= MAX_WORD) RequestChecks.shown(text) else "a word without quotes"

    private fun kind(element: JsonElement): String = when (element) {
        is JsonArray -> "an array"
        is JsonObject -> "an object"
        is JsonPrimitive -> if (element.isString) "a string" else element.content
    }
}
