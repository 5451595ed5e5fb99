package io.kompletion.providers.anthropic

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.intOrNull

/**
 * Makes of a JSON Schema one that Anthropic's structured output takes: objects are closed, `oneOf` becomes `anyOf`, and
 * limits that it does not know go into the description, where the model at least reads them.
 *
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/structured-outputs">Anthropic: structured outputs</a>
 */
internal class AnthropicSchema {
    /** What was changed, as places with what became of them. */
    val changes = ArrayList<String>()

    fun clean(schema: JsonElement): JsonElement = clean(schema, "$")

    private fun clean(schema: JsonElement, path: String): JsonElement {
        if (schema !is JsonObject) return schema
        val kept = LinkedHashMap<String, JsonElement>()
        val told = ArrayList<String>()
        for ((name, value) in schema) {
            when {
                isLimit(name, value) -> {
                    told += "$name: ${(value as? JsonPrimitive)?.content ?: value}"
                    changes += "$path.$name moved into the description"
                }

                name == "oneOf" -> {
                    kept["anyOf"] = list(value, "$path.oneOf")
                    changes += "$path.oneOf sent as anyOf"
                }

                name in LISTS -> kept[name] = list(value, "$path.$name")

                name in MAPS -> kept[name] = map(value, "$path.$name")

                name in NESTED -> kept[name] = clean(value, "$path.$name")

                else -> kept[name] = value
            }
        }
        close(kept, path)
        if (told.isNotEmpty()) kept["description"] = JsonPrimitive(described(kept["description"], told))
        return JsonObject(kept)
    }

    private fun isLimit(name: String, value: JsonElement): Boolean = when (name) {
        in LIMITS -> true
        "minItems" -> ((value as? JsonPrimitive)?.intOrNull ?: 2) > 1
        "format" -> (value as? JsonPrimitive)?.content !in FORMATS
        else -> false
    }

    private fun close(schema: MutableMap<String, JsonElement>, path: String) {
        val isObject = (schema["type"] as? JsonPrimitive)?.content == "object" || "properties" in schema
        if (!isObject || schema["additionalProperties"] == CLOSED) return
        if ("additionalProperties" in schema) changes += "$path.additionalProperties set to false"
        schema["additionalProperties"] = CLOSED
    }

    private fun described(description: JsonElement?, told: List<String>): String {
        val said = (description as? JsonPrimitive)?.content.orEmpty()
        return if (said.isEmpty()) "{${told.joinToString()}}" else "$said {${told.joinToString()}}"
    }

    private fun list(value: JsonElement, path: String): JsonElement =
        if (value is JsonArray) JsonArray(value.mapIndexed { i, item -> clean(item, "$path[$i]") }) else value

    private fun map(value: JsonElement, path: String): JsonElement =
        if (value is JsonObject) JsonObject(value.mapValues { (name, item) -> clean(item, "$path.$name") }) else value

    companion object {
        private val OBJECT = mapOf("type" to JsonPrimitive("object"))

        /** The schema of a tool without parameters. */
        val NO_PARAMETERS = JsonObject(OBJECT + ("properties" to JsonObject(emptyMap())))

        /** The schema of a tool's [parameters], an object; what a strict one must not have is changed, and [told]. */
        fun ofTool(parameters: JsonElement?, isStrict: Boolean, told: (String) -> Unit): JsonElement {
            if (parameters == null) return NO_PARAMETERS
            val isTyped = parameters !is JsonObject || "type" in parameters
            val typed = if (isTyped) parameters else JsonObject(OBJECT + parameters)
            if (!isStrict) return typed
            val cleaner = AnthropicSchema()
            return cleaner.clean(typed).also { cleaner.changes.forEach(told) }
        }

        private val CLOSED = JsonPrimitive(false)
        private val LIMITS = setOf(
            "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
            "pattern", "uniqueItems", "maxItems", "minProperties", "maxProperties",
        )
        private val FORMATS =
            setOf("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid")
        private val LISTS = setOf("anyOf", "allOf", "prefixItems")
        private val MAPS = setOf("properties", "\$defs", "definitions")
        private val NESTED = setOf("items", "not")
    }
}
