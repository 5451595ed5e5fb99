package io.kompletion.internal.config

import io.kompletion.error.ConfigurationException
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Puts environment variables into texts: `${NAME}` and `${NAME:-other}`; `$$` is one `$`. */
internal class Variables(private val environment: (String) -> String?) {
    /** [wrong] makes the exception of a problem. */
    fun fill(text: String, wrong: (String) -> ConfigurationException): String {
        if ('$' !in text) return text
        val out = StringBuilder(text.length)
        var at = 0
        while (at < text.length) {
            val c = text[at]
            val next = text.getOrNull(at + 1)
            when {
                c != '$' || next == null -> out.append(c).also { at++ }

                next == '$' -> out.append('$').also { at += 2 }

                next == '{' -> {
                    val end = text.indexOf('}', at)
                    if (end < 0) throw wrong("has a \"\${\" without its \"}\"")
                    out.append(value(text.substring(at + 2, end), wrong))
                    at = end + 1
                }

                else -> out.append(c).also { at++ }
            }
        }
        return out.toString()
    }

    fun fill(element: JsonElement, wrong: (String) -> ConfigurationException): JsonElement = when (element) {
        is JsonObject -> JsonObject(element.mapValues { fill(it.value, wrong) })
        is JsonArray -> JsonArray(element.map { fill(it, wrong) })
        is JsonPrimitive -> if (element.isString) JsonPrimitive(fill(element.content, wrong)) else element
    }

    private fun value(expression: String, wrong: (String) -> ConfigurationException): String {
        val name = expression.substringBefore(":-")
        if (!NAME.matches(name)) throw wrong("names a variable with other signs than letters, digits and _")
        environment(name)?.let { return it }
        if (":-" in expression) return expression.substringAfter(":-")
        throw wrong("needs the environment variable $name, which is not set; \${$name:-} stands for an empty text then")
    }

    private companion object {
        val NAME = Regex("[A-Za-z_][A-Za-z0-9_]*")
    }
}
