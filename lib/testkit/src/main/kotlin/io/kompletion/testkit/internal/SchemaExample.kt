package io.kompletion.testkit.internal

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.doubleOrNull
import kotlin.math.ceil

/**
 * A value that fits a JSON schema, in a simple way: the schema's own constants, defaults and choices first, then words
 * and numbers of [said], then something plain. A `pattern` is not looked at.
 */
internal class SchemaExample(private val root: JsonObject, private val said: String) {
    fun value(): JsonElement = value(root, "value", 0)

    private fun value(given: JsonElement, name: String, depth: Int): JsonElement {
        val schema = resolve(given as? JsonObject ?: JsonObject(emptyMap()))
        schema["const"]?.let { return it }
        schema.array("enum")?.takeIf { it.isNotEmpty() }?.let { return choice(it) }
        schema["default"]?.let { return it }
        schema.array("examples")?.firstOrNull()?.let { return it }
        alternative(schema, depth)?.let { return value(it, name, depth + 1) }
        return when (type(schema)) {
            "object" -> objectOf(schema, depth)
            "array" -> arrayOf(schema, name, depth)
            "string" -> JsonPrimitive(string(schema, name))
            "integer" -> JsonPrimitive(number(schema, 1.0).toLong())
            "number" -> JsonPrimitive(number(schema, null))
            "boolean" -> JsonPrimitive(true)
            else -> JsonNull
        }
    }

    /** Follows `$ref` within the document and joins the members of `allOf` into one schema. */
    private fun resolve(schema: JsonObject): JsonObject {
        var resolved = schema
        var hops = 0
        while (hops++ < MAX_REFERENCES) {
            val target = resolved.text("\$ref")?.let(::lookUp) ?: break
            resolved = JsonObject(target + resolved.minus("\$ref"))
        }
        val parts = resolved.objects("allOf").map(::resolve)
        if (parts.isEmpty()) return resolved
        return parts.fold(JsonObject(resolved - "allOf")) { left, right ->
            val properties = left.obj("properties").orEmpty() + right.obj("properties").orEmpty()
            val required = (left.array("required").orEmpty() + right.array("required").orEmpty()).distinct()
            JsonObject(left + right + ("properties" to JsonObject(properties)) + ("required" to JsonArray(required)))
        }
    }

    private fun lookUp(reference: String): JsonObject? {
        if (!reference.startsWith("#")) return null
        val path = reference.removePrefix("#").split('/').filter { it.isNotEmpty() }
        return path.fold(root as JsonObject?) { at, key -> at?.obj(key.replace("~1", "/").replace("~0", "~")) }
    }

    /** Of several schemas the first that is not null; deep down the null, which ends a recursion. */
    private fun alternative(schema: JsonObject, depth: Int): JsonObject? {
        val all = schema.objects("anyOf").ifEmpty { schema.objects("oneOf") }.ifEmpty { return null }
        val (nulls, others) = all.partition { it.text("type") == "null" }
        return if (depth >= DEEP) nulls.firstOrNull() ?: others.last() else others.firstOrNull() ?: nulls.first()
    }

    private fun type(schema: JsonObject): String? {
        val several = schema.array("type")?.mapNotNull { (it as? JsonPrimitive)?.contentOrNull }
        return several?.firstOrNull { it != "null" } ?: several?.firstOrNull() ?: schema.text("type") ?: when {
            "properties" in schema -> "object"
            "items" in schema -> "array"
            else -> "string"
        }
    }

    private fun objectOf(schema: JsonObject, depth: Int): JsonObject {
        val required = schema.array("required").orEmpty().mapNotNull { (it as? JsonPrimitive)?.contentOrNull }
        val properties = schema.obj("properties").orEmpty().filterKeys { depth < DEEP || it in required }
        return JsonObject(properties.mapValues { (name, property) -> value(property, name, depth + 1) })
    }

    private fun arrayOf(schema: JsonObject, name: String, depth: Int): JsonArray {
        val wanted = if (depth >= DEEP) 0 else 1
        val size = maxOf(schema.int("minItems") ?: 0, wanted).coerceAtMost(schema.int("maxItems") ?: Int.MAX_VALUE)
        val items = schema["items"] ?: JsonObject(emptyMap())
        return JsonArray(List(size) { value(items, name, depth + 1) })
    }

    private fun choice(values: JsonArray): JsonElement =
        values.firstOrNull { it is JsonPrimitive && it.isString && said.contains(it.content, ignoreCase = true) }
            ?: values.first()

    private fun string(schema: JsonObject, name: String): String {
        FORMATS[schema.text("format")]?.let { return it }
        val least = schema.int("minLength") ?: 0
        val most = schema.int("maxLength") ?: Int.MAX_VALUE
        return (names().firstOrNull() ?: name).padEnd(least, 'x').take(most)
    }

    /**
     * What may be a name in what the user said: capitalised words that do not begin a sentence, joined where adjacent.
     */
    private fun names(): Sequence<String> = NAME.findAll(said).map { it.value }

    /** A number that the user said if it fits, else 1 or the bound next to it; [step] is 1 for integers. */
    private fun number(schema: JsonObject, step: Double?): Double {
        val multiple = schema.decimal("multipleOf") ?: step
        val inside = multiple ?: SMALL
        val low = schema.decimal("minimum") ?: schema.decimal("exclusiveMinimum")?.plus(inside) ?: -LARGE
        val high = schema.decimal("maximum") ?: schema.decimal("exclusiveMaximum")?.minus(inside) ?: LARGE
        val plain = NUMBER.findAll(said).map { it.value.toDouble() }.firstOrNull { it in low..high }
            ?: 1.0.coerceIn(low, maxOf(low, high))
        if (multiple == null) return plain
        val above = ceil(plain / multiple) * multiple
        return if (above > high) above - multiple else above
    }

    private fun JsonObject.decimal(name: String): Double? = (get(name) as? JsonPrimitive)?.doubleOrNull

    private companion object {
        const val MAX_REFERENCES = 16
        const val DEEP = 5
        const val SMALL = 0.5
        const val LARGE = 1e15
        val NAME = Regex("(?<=[\\p{L}\\p{N},] )\\p{Lu}[\\p{L}\\p{N}'-]*(?: \\p{Lu}[\\p{L}\\p{N}'-]*)*")
        val NUMBER = Regex("(?<![\\p{L}\\p{N}.])-?\\d{1,15}(?:\\.\\d{1,6})?")
        val FORMATS = mapOf(
            "date-time" to "2026-01-02T03:04:05Z",
            "date" to "2026-01-02",
            "time" to "03:04:05Z",
            "duration" to "PT1H",
            "email" to "someone@example.com",
            "hostname" to "example.com",
            "ipv4" to "192.0.2.1",
            "ipv6" to "2001:db8::1",
            "uuid" to "00000000-0000-4000-8000-000000000000",
            "uri" to "https://example.com/",
        )
    }
}
