package io.kompletion.chat.json

import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.longOrNull

/**
 * Takes fields out of a JSON object by name and remembers which, so that [rest] is what nobody asked for.
 *
 * An explicit `null` reads as an absent field. A field of the wrong kind is an [InvalidRequestException] that names its
 * path.
 */
internal class ObjectReader(private val source: JsonObject, private val what: String) {
    private val taken = HashSet<String>()

    fun element(name: String): JsonElement? {
        taken += name
        return source[name]?.takeUnless { it is JsonNull }
    }

    fun string(name: String): String? = when (val found = element(name)) {
        null -> null
        is JsonPrimitive -> found.content
        else -> fail(name, "a string", found)
    }

    fun requiredString(name: String): String = string(name) ?: missing(name)

    fun required(name: String): JsonElement = element(name) ?: missing(name)

    fun boolean(name: String): Boolean? {
        val found = element(name) ?: return null
        return (found as? JsonPrimitive)?.booleanOrNull ?: fail(name, "true or false", found)
    }

    /** A whole number; `1.7e9` counts as one, because some servers write time stamps so. */
    fun long(name: String): Long? {
        val found = element(name) ?: return null
        val primitive = found as? JsonPrimitive ?: fail(name, "a number", found)
        return primitive.longOrNull ?: primitive.doubleOrNull?.takeIf { it.isFinite() }?.toLong()
            ?: fail(name, "a number", found)
    }

    fun int(name: String): Int? = long(name)?.let {
        it.coerceIn(Int.MIN_VALUE.toLong(), Int.MAX_VALUE.toLong()).toInt()
    }

    fun obj(name: String): JsonObject? {
        val found = element(name) ?: return null
        return found as? JsonObject ?: fail(name, "an object", found)
    }

    fun array(name: String): JsonArray? {
        val found = element(name) ?: return null
        return found as? JsonArray ?: fail(name, "an array", found)
    }

    /** Every field that no call has taken, explicit nulls included. */
    fun rest(): Map<String, JsonElement> = source.filterKeys { it !in taken }

    private fun missing(name: String): Nothing = throw invalid("$what has no \"$name\"", name)

    private fun fail(name: String, wanted: String, found: JsonElement): Nothing {
        val kind = when (found) {
            is JsonArray -> "an array"
            is JsonObject -> "an object"
            is JsonPrimitive -> if (found.isString) "a string" else "\"${ErrorDetails.printable(found.content, 40)}\""
        }
        throw invalid("\"$name\" of $what must be $wanted, got $kind", name)
    }

    private fun invalid(message: String, name: String) =
        InvalidRequestException(message, ErrorDetails.builder().param(name).build())
}

/** Puts [value] unless it is null. */
internal fun MutableMap<String, JsonElement>.putIfPresent(name: String, value: JsonElement?) {
    if (value != null) put(name, value)
}

internal fun MutableMap<String, JsonElement>.putIfPresent(name: String, value: String?) {
    if (value != null) put(name, JsonPrimitive(value))
}

internal fun MutableMap<String, JsonElement>.putIfPresent(name: String, value: Number?) {
    if (value != null) put(name, JsonPrimitive(value))
}

internal fun MutableMap<String, JsonElement>.putIfPresent(name: String, value: Boolean?) {
    if (value != null) put(name, JsonPrimitive(value))
}
