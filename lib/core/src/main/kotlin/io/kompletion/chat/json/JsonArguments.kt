package io.kompletion.chat.json

import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** JSON that a caller gives as text. What is none is refused with the reason, without a word of the text itself. */
internal object JsonArguments {
    fun element(json: String, what: String): JsonElement = try {
        StrictTree.checked(ModelJson.parseToJsonElement(json))
    } catch (e: SerializationException) {
        val reason = e.message.orEmpty().substringBefore("\nJSON input").take(REASON_CHARS)
        throw invalid("$what is no JSON: $reason", what)
    }

    fun obj(json: String, what: String): JsonObject =
        element(json, what) as? JsonObject ?: throw invalid("$what must be a JSON object", what)

    private fun invalid(message: String, what: String) =
        InvalidRequestException(message, ErrorDetails.builder().param(what).build())

    private const val REASON_CHARS = 200
}
