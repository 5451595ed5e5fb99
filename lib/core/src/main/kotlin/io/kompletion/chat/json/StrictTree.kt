package io.kompletion.chat.json

import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Looks through a tree that the parser of the serialization library has made: it takes a bare word for a value, and
 * nests as deep as the text says, so that whoever walks the tree runs out of stack.
 */
internal object StrictTree {
    /** [element], when every value in it is JSON and it is nested no deeper than [MAX_DEPTH]. */
    fun checked(element: JsonElement): JsonElement = element.also { walk(it, 0) }

    private fun walk(element: JsonElement, depth: Int) {
        if (depth > MAX_DEPTH) throw SerializationException("nested more than $MAX_DEPTH levels deep")
        when (element) {
            is JsonObject -> for (value in element.values) walk(value, depth + 1)
            is JsonArray -> for (value in element) walk(value, depth + 1)
            is JsonPrimitive -> if (!element.isString) value(element.content)
        }
    }

    private fun value(text: String) {
        if (text == "true" || text == "false" || text == "null" || NUMBER.matches(text)) return
        throw SerializationException("a value is neither in quotes nor a number, true, false or null")
    }

    /** Deeper than what a provider's answer may hold, which is kept in messages as it came. */
    const val MAX_DEPTH = 600
    private val NUMBER = Regex("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")
}
