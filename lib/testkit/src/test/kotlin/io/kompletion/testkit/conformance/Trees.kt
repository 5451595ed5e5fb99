package io.kompletion.testkit.conformance

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull

/** JSON trees compared by meaning: 1 and 1.0 are the same number, the order of names does not count. */
internal object Trees {
    fun same(a: JsonElement, b: JsonElement): Boolean = when {
        a is JsonObject && b is JsonObject ->
            a.keys == b.keys &&
                a.all { (name, value) -> same(value, b.getValue(name)) }

        a is JsonArray && b is JsonArray -> a.size == b.size && a.indices.all { same(a[it], b[it]) }

        a is JsonPrimitive && b is JsonPrimitive -> a == b || sameNumber(a, b)

        else -> false
    }

    private fun sameNumber(a: JsonPrimitive, b: JsonPrimitive): Boolean {
        if (a.isString || b.isString || a is JsonNull || b is JsonNull) return false
        if (a.booleanOrNull != null || b.booleanOrNull != null) return false
        val left = a.content.toBigDecimalOrNull() ?: return false
        val right = b.content.toBigDecimalOrNull() ?: return false
        return left.compareTo(right) == 0
    }
}
