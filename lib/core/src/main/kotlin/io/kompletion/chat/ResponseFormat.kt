package io.kompletion.chat

import io.kompletion.chat.json.JsonArguments
import io.kompletion.chat.json.TreeSerializer
import io.kompletion.chat.json.putIfPresent
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull

/** What the answer must look like. */
@Serializable(with = ResponseFormatSerializer::class)
public sealed interface ResponseFormat {
    /** Plain text, the default. */
    public object Text : ResponseFormat {
        override fun toString(): String = "text"
    }

    /** Any JSON object. Most providers want the word "JSON" in the prompt. */
    public object JsonMode : ResponseFormat {
        override fun toString(): String = "json_object"
    }

    /**
     * JSON that follows [schema].
     *
     * @property name at most 64 of `A-Z a-z 0-9 _ -`
     * @property strict whether the provider must guarantee it; null leaves it to the provider
     */
    @ConsistentCopyVisibility
    public data class JsonSchema internal constructor(
        public val name: String,
        public val schema: JsonElement,
        public val strict: Boolean? = null,
        public val description: String? = null,
    ) : ResponseFormat

    /** A form that this version does not know; passed on as it is. */
    public data class Raw(public val value: JsonElement) : ResponseFormat

    public companion object {
        @JvmField
        public val TEXT: ResponseFormat = Text

        @JvmField
        public val JSON_OBJECT: ResponseFormat = JsonMode

        /** Answers follow [schema] strictly. */
        @JvmStatic
        @JvmOverloads
        public fun jsonSchema(
            name: String,
            schema: JsonElement,
            strict: Boolean? = true,
            description: String? = null,
        ): ResponseFormat = JsonSchema(name, schema, strict, description)

        /** The same with the schema as JSON text. */
        @JvmStatic
        @JvmOverloads
        public fun jsonSchema(
            name: String,
            schemaJson: String,
            strict: Boolean? = true,
            description: String? = null,
        ): ResponseFormat = JsonSchema(name, JsonArguments.element(schemaJson, "schema"), strict, description)
    }
}

internal object ResponseFormatSerializer : TreeSerializer<ResponseFormat>("io.kompletion.ResponseFormat") {
    override fun read(element: JsonElement): ResponseFormat {
        val type = (element as? JsonObject)?.get("type") as? JsonPrimitive
            ?: (element as? JsonPrimitive)
            ?: throw SerializationException("response_format must have a \"type\"")
        return when (type.content) {
            "text" -> ResponseFormat.Text

            "json_object" -> ResponseFormat.JsonMode

            "json_schema" -> schema((element as? JsonObject)?.get("json_schema") as? JsonObject)
                ?: ResponseFormat.Raw(element)

            else -> ResponseFormat.Raw(element)
        }
    }

    private fun schema(fields: JsonObject?): ResponseFormat? {
        val schema = fields?.get("schema") ?: return null

        fun text(name: String) = (fields[name] as? JsonPrimitive)?.takeIf { it.isString }?.content
        // Without a name, as Perplexity takes it, it is a form of one provider.
        val name = text("name")
        if (name == null || !KNOWN.containsAll(fields.keys)) return null
        val strict = (fields["strict"] as? JsonPrimitive)?.booleanOrNull
        return ResponseFormat.JsonSchema(name, schema, strict, text("description"))
    }

    override fun write(value: ResponseFormat): JsonElement = when (value) {
        is ResponseFormat.Raw -> value.value

        is ResponseFormat.JsonSchema -> JsonObject(
            mapOf(
                "type" to JsonPrimitive("json_schema"),
                "json_schema" to JsonObject(
                    buildMap {
                        put("name", JsonPrimitive(value.name))
                        putIfPresent("description", value.description)
                        put("schema", value.schema)
                        putIfPresent("strict", value.strict)
                    },
                ),
            ),
        )

        else -> JsonObject(mapOf("type" to JsonPrimitive(value.toString())))
    }

    private val KNOWN = setOf("name", "description", "schema", "strict")
}
