package io.kompletion.chat

import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject

/** The fields that belong to a whole call, whatever it falls back on: what they may hold, and that no fallback has them. */
internal object CallFields {
    /** Looks at a name that the caller gives to a tenant or a conversation; it becomes part of keys and of telemetry. */
    fun name(value: String?, field: String) {
        if (value == null) return
        if (value.length !in 1..MAX_CHARS) {
            throw invalid("$field must have 1 to $MAX_CHARS characters, got ${value.length}", field)
        }
        var i = 0
        while (i < value.length) {
            val code = value.codePointAt(i)
            when (Character.getType(code).toByte()) {
                Character.CONTROL -> {
                    val shown = "U+${code.toString(16).uppercase().padStart(4, '0')}"
                    throw invalid("$field contains $shown at index $i; control characters are not allowed", field)
                }

                Character.SURROGATE -> throw invalid("$field has an unpaired surrogate at index $i", field)
            }
            i += Character.charCount(code)
        }
    }

    /** Refuses what [fields] sets and a fallback would not take over. */
    fun refuse(fields: ChatCompletionRequestBuilder) {
        val set = listOfNotNull(
            "n".takeIf { fields.n != null },
            "fallbacks".takeIf { fields.fallbacks.isNotEmpty() },
            "stream_options".takeIf { fields.streamOptions != null },
            "stream".takeIf { fields.stream != null },
            "tenant".takeIf { fields.tenant != null },
            "conversation_id".takeIf { fields.conversationId != null },
            "response_cache".takeIf { fields.responseCache != null },
        )
        if (set.isNotEmpty()) throw misplaced(set)
    }

    /** The JSON of a fallback, in which a field with no other meaning than for the whole call is no field of the body. */
    fun refuse(fields: JsonObject): JsonObject {
        val set = UNSENT.filter { (fields[it] ?: JsonNull) !is JsonNull }
        if (set.isNotEmpty()) throw misplaced(set)
        return if (UNSENT.any { it in fields }) JsonObject(fields - UNSENT) else fields
    }

    private fun misplaced(names: List<String>) = invalid(
        "a fallback has no ${names.joinToString()} of its own; what holds for the whole call is set in the request",
        "fallbacks.${names.first()}",
    )

    private fun invalid(message: String, field: String) =
        InvalidRequestException(message, ErrorDetails.builder().param(field).build())

    private const val MAX_CHARS = 256
    private val UNSENT = setOf("tenant", "conversation_id", "response_cache")
}
