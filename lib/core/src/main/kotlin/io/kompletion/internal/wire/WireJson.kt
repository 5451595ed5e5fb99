package io.kompletion.internal.wire

import io.kompletion.error.UnexpectedResponseException
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
     * The tree of a range of UTF-8, or null when it is no JSON, or nested deeper than [MAX_DEPTH]: whoever walks such a
     * tree runs out of stack. Bad UTF-8 becomes U+FFFD.
     */
    fun parse(bytes: ByteArray, start: Int = 0, end: Int = bytes.size): JsonElement? =
        parse(String(bytes, start, end - start, Charsets.UTF_8))

    /** @throws UnexpectedResponseException when it has more than [maxValues] values */
    fun parse(text: String, maxValues: Int = SizeLimits.DEFAULT.jsonValues): JsonElement? = try {
        if (isTooDeep(text, maxValues)) null else format.parseToJsonElement(text)
    } catch (_: SerializationException) {
        null
    }

    private fun isTooDeep(text: String, maxValues: Int): Boolean {
        if (text.length <= MAX_DEPTH && text.length <= maxValues) return false
        var depth = 0
        var values = 0
        var inString = false
        var at = 0
        while (at < text.length) {
            val c = text[at]
            when {
                c == '"' -> inString = !inString

                inString -> if (c == '\\') at++

                c == ',' -> values++

                c == '}' || c == ']' -> depth--

                c == '{' || c == '[' -> {
                    if (++depth > MAX_DEPTH) return true
                    values++
                }
            }
            if (values > maxValues) {
                throw SizeLimits.exceeded("the JSON of the answer has more than $maxValues values", "limit.json")
            }
            at++
        }
        return false
    }

    private const val MAX_DEPTH = 512
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
