package io.kompletion.fuzz

import io.kompletion.error.KompletionException
import io.kompletion.internal.call.SchemaChecks
import io.kompletion.internal.wire.WireJson
import io.kompletion.providers.anthropic.AnthropicSchema
import io.kompletion.providers.gemini.GeminiSchema
import io.kompletion.providers.gemini.StandardSchema
import io.kompletion.providers.openai.StrictSchema

/** Every schema that passes the checks is cleaned to JSON, or refused by a failure of the library. */
internal object SchemaFuzz : FuzzTarget {
    override val name = "schema"

    override fun seeds(): List<ByteArray> = SCHEMAS.map { it.encodeToByteArray() }

    override fun check(data: ByteArray) {
        val schema = WireJson.parse(data) ?: return
        try {
            SchemaChecks.schema(schema, "schema")
        } catch (_: KompletionException) {
            return
        }
        StrictSchema.problem(schema)
        lawOfJson(AnthropicSchema().clean(schema).toString(), "AnthropicSchema")
        lawOfJson(StandardSchema().clean(schema).toString(), "StandardSchema")
        try {
            lawOfJson(GeminiSchema(schema, "schema").subset().toString(), "GeminiSchema")
        } catch (_: KompletionException) {
            // Refused with a reason.
        }
    }
}
