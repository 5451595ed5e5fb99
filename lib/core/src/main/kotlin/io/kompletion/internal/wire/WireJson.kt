package io.kompletion.internal.wire

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.longOrNull

/** Reads what servers write: a tree, and null for whatever is missing or of another kind. */
internal object WireJson {
    @OptIn(ExperimentalSerializationApi::class)
    val format: Json = Json { exceptionsWithDebugInfo = false }

    /**
     * The tree of a range of UTF-8, or null when it is no JSON or breaks one of the [JsonLimits]. Bad UTF-8 becomes
     * U+FFFD.
     */
    fun parse(bytes: ByteArray, start: Int = 0, end: Int = bytes.size): JsonElement? =
        parse(String(bytes, start, end - start, Charsets.UTF_8))

    fun parse(text: String): JsonElement? = try {
        if (JsonLimits.brokenBy(text) != null) null else format.parseToJsonElement(text)
    } catch (_: SerializationException) {
        null
    }
}

internal fun JsonObject.obj(name: String): JsonObject? = get(name) as? JsonObject

internal fun JsonObject.array(name: String): JsonArray? = get(name) as? JsonArray

/** The text of a string, number or boolean. */
internal fun JsonObject.text(name: String): String? = (get(name) as? JsonPrimitive)?.takeIf { it !is JsonNull }?.content

/** The text of a string; null for any other kind. */
internal fun JsonObject.string(name: String): String? = (get(name) as? JsonPrimitive)?.takeIf { it.isString }?.content

/** A whole number, also one written as `1.7e9` or in quotes. */
internal fun JsonObject.long(name: String): Long? {
    val value = get(name) as? JsonPrimitive ?: return null
    return value.longOrNull ?: value.doubleOrNull?.takeIf { it.isFinite() }?.toLong()
}

internal fun JsonObject.int(name: String): Int? = long(name)?.toInt()

internal fun JsonObject.boolean(name: String): Boolean? = (get(name) as? JsonPrimitive)?.booleanOrNull

internal fun JsonObject.present(name: String): JsonElement? = get(name)?.takeUnless { it is JsonNull }

/** The arguments of a tool call: JSON text, or the tree that some servers send instead. */
internal fun JsonObject.arguments(name: String): String = when (val value = get(name)) {
    null, is JsonNull -> ""
    is JsonPrimitive -> value.content
    else -> value.toString()
}
