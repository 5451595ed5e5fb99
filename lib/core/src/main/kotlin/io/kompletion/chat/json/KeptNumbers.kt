package io.kompletion.chat.json

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.JsonUnquotedLiteral

/**
 * Writes free-form JSON with every number as it was read. The serialization library makes a double of a number that is no
 * integer, which writes `0.10` in other ways and loses digits, and fails on one that is too large, such as `1e999`.
 */
internal object KeptNumbers : KSerializer<JsonElement> {
    override val descriptor: SerialDescriptor = JsonElement.serializer().descriptor

    override fun deserialize(decoder: Decoder): JsonElement = JsonElement.serializer().deserialize(decoder)

    override fun serialize(encoder: Encoder, value: JsonElement) =
        JsonElement.serializer().serialize(encoder, of(value))

    /** [element] itself, unless there is such a number in it. */
    fun of(element: JsonElement): JsonElement = if (holdsOne(element)) kept(element) else element

    private fun holdsOne(element: JsonElement): Boolean = when (element) {
        is JsonObject -> element.values.any(::holdsOne)
        is JsonArray -> element.any(::holdsOne)
        is JsonPrimitive -> isRewritten(element)
    }

    private fun kept(element: JsonElement): JsonElement = when (element) {
        is JsonObject -> JsonObject(element.mapValues { kept(it.value) })
        is JsonArray -> JsonArray(element.map(::kept))
        is JsonPrimitive -> if (isRewritten(element)) literal(element.content) else element
    }

    /** Whether the library may write [value] in another way: a fraction, an exponent, more digits than a long has. */
    private fun isRewritten(value: JsonPrimitive): Boolean {
        val text = value.content
        if (value.isString || text.isEmpty() || !(text[0] == '-' || text[0] in '0'..'9')) return false
        val isSafe =
            text.length <= SAFE_DIGITS && !text.startsWith("-0") && text.none { it == '.' || it == 'e' || it == 'E' }
        return !isSafe && text.toDoubleOrNull() != null && text.last() in '0'..'9'
    }

    @OptIn(ExperimentalSerializationApi::class)
    private fun literal(text: String) = JsonUnquotedLiteral(text)

    /** Every number of so many digits, its sign among them, is a long. */
    private const val SAFE_DIGITS = 18
}
