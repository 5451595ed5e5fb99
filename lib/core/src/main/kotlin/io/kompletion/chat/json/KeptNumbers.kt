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
 * integer, and fails on one that is too large for that, such as `1e999`.
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
        is JsonPrimitive -> isTooLarge(element)
    }

    private fun kept(element: JsonElement): JsonElement = when (element) {
        is JsonObject -> JsonObject(element.mapValues { kept(it.value) })
        is JsonArray -> JsonArray(element.map(::kept))
        is JsonPrimitive -> if (isTooLarge(element)) literal(element.content) else element
    }

    private fun isTooLarge(value: JsonPrimitive): Boolean {
        val text = value.content
        if (value.isString || text.length < SHORTEST) return false
        val isLong = text.length > MOST_DIGITS || text.any { it == 'e' || it == 'E' }
        return isLong && text.toDoubleOrNull()?.isInfinite() == true
    }

    @OptIn(ExperimentalSerializationApi::class)
    private fun literal(text: String) = JsonUnquotedLiteral(text)

    /** `1e309`, and the digits of the largest double. */
    private const val SHORTEST = 5
    private const val MOST_DIGITS = 308
}
