package io.kompletion.chat.json

import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** JSON that a caller gives as text. What is none is refused with the place, without a word of the text itself. */
internal object JsonArguments {
    fun element(json: String, what: String): JsonElement = try {
        StrictTree.checked(ModelJson.parseToJsonElement(json))
    } catch (e: SerializationException) {
        throw invalid("$what is no JSON${place(json, e)}; check quotes, commas and brackets", what)
    }

    fun obj(json: String, what: String): JsonObject =
        element(json, what) as? JsonObject ?: throw invalid("$what must be a JSON object", what)

    /** Where it breaks off being JSON, in lines and columns from 1. The parser's own words quote the text. */
    private fun place(json: String, e: SerializationException): String {
        val offset = OFFSET.find(e.message.orEmpty())?.groupValues?.get(1)?.toIntOrNull() ?: return ""
        val before = json.take(maxOf(0, offset))
        val line = before.count { it == '\n' } + 1
        val column = before.length - (before.lastIndexOf('\n') + 1) + 1
        return " at line $line, column $column"
    }

    private fun invalid(message: String, what: String) =
        InvalidRequestException(message, ErrorDetails.builder().param(what).build())

    private val OFFSET = Regex("offset (\\d+)")
}
