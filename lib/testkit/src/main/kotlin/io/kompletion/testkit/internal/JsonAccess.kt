package io.kompletion.testkit.internal

import kotlinx.serialization.json.JsonArray
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
