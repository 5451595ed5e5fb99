package io.kompletion.testkit.internal

import io.kompletion.chat.ToolChoice
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.intOrNull

/** The string at [name]; null when it is missing or something else. */
internal fun JsonObject.text(name: String): String? =
    (get(name) as? JsonPrimitive)?.takeIf { it.isString }?.contentOrNull

internal fun JsonObject.int(name: String): Int? = (get(name) as? JsonPrimitive)?.intOrNull

internal fun JsonObject.isTrue(name: String): Boolean = (get(name) as? JsonPrimitive)?.booleanOrNull == true

internal fun JsonObject.obj(name: String): JsonObject? = get(name) as? JsonObject

internal fun JsonObject.array(name: String): JsonArray? = get(name) as? JsonArray

/** The objects in the array at [name]; none when it is missing. */
internal fun JsonObject.objects(name: String): List<JsonObject> = array(name).orEmpty().filterIsInstance<JsonObject>()

/** [text] as JSON; null when it is none. */
internal fun parsed(text: String): JsonElement? = try {
    Json.parseToJsonElement(text)
} catch (_: SerializationException) {
    null
}

/**
 * The arguments of a call for wires that send them as a tree. The real servers never have broken ones there; a script
 * that wants them gets them as a string.
 */
internal fun argumentsTree(json: String): JsonElement =
    if (json.isBlank()) JsonObject(emptyMap()) else parsed(json) ?: JsonPrimitive(json)

/** The schema of a tool that has no parameters. */
internal val NO_PARAMETERS = JsonObject(mapOf("type" to JsonPrimitive("object")))

/** A tool choice in the form of OpenAI or Anthropic; null when there is none. */
internal fun toolChoice(element: JsonElement?): ToolChoice? =
    element?.takeIf { it !is JsonNull }?.let { Json.decodeFromJsonElement(ToolChoice.serializer(), it) }
