package io.kompletion.providers.vertex

import io.kompletion.chat.json.JsonArguments
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive

/** What the options of the providers at Google Cloud have in common, by name. */
internal class VertexOptions(start: Map<String, JsonElement>) {
    private val values = LinkedHashMap(start)

    fun text(name: String, value: String?) = set(name, value?.let(::JsonPrimitive))

    /** [json] is a text of JSON that belongs to the option [name]. */
    fun json(name: String, json: String) = set(name, JsonArguments.element(json, name))

    fun set(name: String, value: JsonElement?) {
        if (value == null) values.remove(name) else values[name] = value
    }

    fun toMap(): Map<String, JsonElement> = values.toMap()
}

/** Names alone: values may be credentials. */
internal fun shown(type: String, options: Map<String, JsonElement>): String =
    options.keys.joinToString(prefix = "$type(", postfix = ")")
