package io.kompletion.testkit.internal

import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** A server-sent event that says its [type] as its name and in its data, first among [fields]. */
internal fun namedEvent(type: String, fields: JsonObjectBuilder.() -> Unit): String {
    val data = buildJsonObject {
        put("type", type)
        fields()
    }
    return "event: $type\ndata: $data\n\n"
}
