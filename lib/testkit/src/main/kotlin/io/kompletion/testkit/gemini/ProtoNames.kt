package io.kompletion.testkit.gemini

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/**
 * [element] with the names of its fields in camel case. Google takes them in snake case, too, except where the content
 * is the caller's own.
 */
internal fun protoNames(element: JsonElement): JsonElement = when (element) {
    is JsonArray -> JsonArray(element.map(::protoNames))

    is JsonObject -> JsonObject(
        element.entries.associate { (key, value) ->
            val name = camelCase(key)
            name to when (name) {
                in FREE -> value
                "properties" -> JsonObject((value as? JsonObject).orEmpty().mapValues { protoNames(it.value) })
                else -> protoNames(value)
            }
        },
    )

    else -> element
}

private fun camelCase(name: String): String = UNDERSCORE.replace(name) { it.groupValues[1].uppercase() }

private val UNDERSCORE = Regex("(?<=[a-z])_([a-z])")

private val FREE = setOf(
    "args",
    "response",
    "parametersJsonSchema",
    "responseJsonSchema",
    "labels",
    "default",
    "example",
    "enum",
    "required",
    "propertyOrdering",
)
