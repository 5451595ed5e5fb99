package io.kompletion.chat

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.descriptors.PolymorphicKind
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.SerialKind
import kotlinx.serialization.descriptors.StructureKind
import kotlinx.serialization.descriptors.elementDescriptors
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.serializer

/**
 * JSON Schemas of serializable types, in the strict form that providers guarantee: every property is required, no others
 * are allowed, and what may be null says so.
 *
 * Properties are described by [Description]. Types that contain themselves are referred to through `$defs`.
 */
public object JsonSchemas {
    /** The schema of what [type] writes. */
    @JvmStatic
    public fun of(type: KSerializer<*>): JsonElement = SchemaWriter().root(type.descriptor)

    /** The schema of [T]. */
    @JvmSynthetic
    public inline fun <reified T> of(): JsonElement = of(serializer<T>())
}

/** Asks for an answer that follows the schema of [T]; read it with [ChatCompletionResponse.decode]. */
@JvmSynthetic
public inline fun <reified T> ChatCompletionRequestBuilder.responseSchema(): ChatCompletionRequestBuilder =
    responseSchema(JsonSchemas.of<T>())

/** Adds a function tool whose arguments are a [T]; read them with [FunctionCall.arguments]. */
@JvmSynthetic
public inline fun <reified T> ChatCompletionRequestBuilder.tool(
    name: String,
    description: String,
): ChatCompletionRequestBuilder = tool(ToolDefinition.function(name, description, JsonSchemas.of<T>()))

@OptIn(ExperimentalSerializationApi::class)
private class SchemaWriter {
    private val open = LinkedHashSet<String>()
    private val named = LinkedHashMap<String, JsonObject>()
    private val referred = LinkedHashSet<String>()

    fun root(type: SerialDescriptor): JsonObject {
        val schema = schema(type)
        val definitions = named.filterKeys { it in referred }
        return if (definitions.isEmpty()) schema else JsonObject(schema + ("\$defs" to JsonObject(definitions)))
    }

    private fun schema(type: SerialDescriptor): JsonObject {
        if (type.isNullable) return orNull(present(type))
        return present(type)
    }

    private fun present(type: SerialDescriptor): JsonObject = when (val kind = type.kind) {
        is PrimitiveKind -> fields("type" to text(primitive(kind)))

        SerialKind.ENUM -> fields(
            "type" to text("string"),
            "enum" to JsonArray((0 until type.elementsCount).map { text(type.getElementName(it)) }),
        )

        StructureKind.LIST -> fields("type" to text("array"), "items" to schema(type.getElementDescriptor(0)))

        StructureKind.MAP -> fields(
            "type" to text("object"),
            "additionalProperties" to schema(type.getElementDescriptor(1)),
        )

        StructureKind.CLASS, StructureKind.OBJECT -> if (type.isInline) {
            present(
                type.getElementDescriptor(0),
            )
        } else {
            named(type) {
                members(type, null)
            }
        }

        PolymorphicKind.SEALED -> named(type) { alternatives(type) }

        else -> fields()
    }

    /** A type met inside itself becomes a reference to its definition. */
    private fun named(type: SerialDescriptor, make: () -> JsonObject): JsonObject {
        val name = type.serialName.removeSuffix("?").substringAfterLast('.')
        if (!open.add(name)) {
            referred += name
            return fields("\$ref" to text("#/\$defs/$name"))
        }
        val made = make()
        open -= name
        named[name] = made
        return made
    }

    private fun members(type: SerialDescriptor, discriminator: Pair<String, String>?): JsonObject {
        val properties = LinkedHashMap<String, JsonElement>()
        discriminator?.let { (key, value) ->
            properties[key] = fields("type" to text("string"), "const" to text(value))
        }
        for (i in 0 until type.elementsCount) {
            val description = type.getElementAnnotations(i).filterIsInstance<Description>().firstOrNull()?.value
            val schema = schema(type.getElementDescriptor(i))
            properties[type.getElementName(i)] =
                if (description == null) schema else JsonObject(schema + ("description" to text(description)))
        }
        return fields(
            "type" to text("object"),
            "properties" to JsonObject(properties),
            "required" to JsonArray(properties.keys.map(::text)),
            "additionalProperties" to JsonPrimitive(false),
        )
    }

    private fun alternatives(type: SerialDescriptor): JsonObject {
        val key = type.annotations.filterIsInstance<kotlinx.serialization.json.JsonClassDiscriminator>()
            .firstOrNull()?.discriminator ?: "type"
        val leaves = type.getElementDescriptor(1).elementDescriptors
        return fields("anyOf" to JsonArray(leaves.map { members(it, key to it.serialName) }))
    }

    private fun orNull(schema: JsonObject): JsonObject {
        val type = schema["type"]
        if (type is JsonPrimitive &&
            "enum" !in schema
        ) {
            return JsonObject(schema + ("type" to JsonArray(listOf(type, text("null")))))
        }
        return fields("anyOf" to JsonArray(listOf(schema, fields("type" to text("null")))))
    }

    private fun primitive(kind: PrimitiveKind): String = when (kind) {
        PrimitiveKind.BOOLEAN -> "boolean"
        PrimitiveKind.BYTE, PrimitiveKind.SHORT, PrimitiveKind.INT, PrimitiveKind.LONG -> "integer"
        PrimitiveKind.FLOAT, PrimitiveKind.DOUBLE -> "number"
        PrimitiveKind.CHAR, PrimitiveKind.STRING -> "string"
    }

    private fun text(value: String) = JsonPrimitive(value)

    private fun fields(vararg fields: Pair<String, JsonElement>) = JsonObject(linkedMapOf(*fields))
}
