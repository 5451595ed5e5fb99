package io.kompletion.testkit.gemini

import io.kompletion.testkit.internal.array
import io.kompletion.testkit.internal.int
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/**
 * Refuses what Google's own schema, a part of OpenAPI's, does not have; full JSON Schema goes into other fields. Types
 * may come as numbers.
 */
internal fun checkGeminiSchema(schema: JsonElement, at: String) {
    if (schema !is JsonObject) refuse("Invalid value at '$at' (type.googleapis.com/google.ai.Schema)")
    checkFields(schema, KEYWORDS, at)
    if ("type" in schema && schema.int("type") == null && schema.text("type")?.uppercase() !in TYPES) {
        refuse("Invalid value at '$at.type' (type.googleapis.com/google.ai.Type), ${schema["type"]}")
    }
    if (schema.array("enum").orEmpty().any { it.toString().firstOrNull() != '"' }) {
        refuse("Invalid value at '$at.enum[0]' (TYPE_STRING), ${schema["enum"]}")
    }
    if (schema.text("type")?.uppercase() == "ARRAY" && "items" !in schema) {
        refuse("* GenerateContentRequest.$at.items: missing field.")
    }
    schema["items"]?.let { checkGeminiSchema(it, "$at.items") }
    schema.array("anyOf").orEmpty().forEachIndexed { index, option -> checkGeminiSchema(option, "$at.any_of[$index]") }
    val properties = schema.obj("properties").orEmpty()
    properties.forEach { (name, property) -> checkGeminiSchema(property, "$at.properties[$name]") }
    schema.array("required").orEmpty().map { it.toString().trim('"') }.firstOrNull { it !in properties }?.let {
        refuse("* GenerateContentRequest.$at.required[0]: property is not defined")
    }
}

private val TYPES = setOf("STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL", "TYPE_UNSPECIFIED")

private val KEYWORDS = setOf(
    "type",
    "format",
    "title",
    "description",
    "nullable",
    "enum",
    "maxItems",
    "minItems",
    "properties",
    "required",
    "minProperties",
    "maxProperties",
    "minLength",
    "maxLength",
    "pattern",
    "example",
    "anyOf",
    "propertyOrdering",
    "default",
    "items",
    "minimum",
    "maximum",
)
