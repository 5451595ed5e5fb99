package io.kompletion.testkit.conformance

import io.kompletion.chat.Warning
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.util.Base64

/**
 * Where a Converse request that was read and written again differs from the recorded one. These mean the same:
 * - an absent field is null, an empty list or an empty object, but not inside schemas and inputs;
 * - messages of one role that follow each other are one, and the results of tools stand first in it;
 * - an empty or blank text is none, a schema is a text with JSON, a document's text is its bytes;
 * - an absent lifetime of a cache point is five minutes, thinking that is `disabled` is none;
 * - an object of a schema that is closed or not;
 * - everything that a warning of the answer names.
 */
internal class BedrockRequestComparison(warnings: List<Warning>) {
    private val warned = warnings.map { it.parameter }
    private val found = ArrayList<String>()

    fun differences(recorded: JsonObject, sent: JsonObject): List<String> {
        compare("", normal("", recorded), normal("", sent))
        return found
    }

    private fun compare(path: String, wanted: JsonElement?, got: JsonElement?) {
        when {
            wanted == null && got == null -> Unit

            wanted is JsonObject && got is JsonObject -> (wanted.keys + got.keys).forEach { name ->
                compare(if (path.isEmpty()) name else "$path.$name", wanted[name], got[name])
            }

            wanted is JsonArray && got is JsonArray && wanted.size == got.size ->
                wanted.indices.forEach { compare("$path[$it]", wanted[it], got[it]) }

            wanted != null && got != null && Trees.same(wanted, got) -> Unit

            !covered(path) -> found += "$path: expected ${clipped(wanted)}, got ${clipped(got)}"
        }
    }

    private fun covered(path: String): Boolean = NAMES.any { (mine, theirs) -> path.startsWith(theirs) && warned.any { it.startsWith(mine) } }

    private fun normal(path: String, value: JsonElement): JsonElement? = when {
        FREE.any { path.endsWith(it) } -> value
        value is JsonNull -> null
        path == ".messages" && value is JsonArray -> JsonArray(turns(value).mapNotNull { normal("$path[]", it) })
        path.endsWith("jsonSchema.schema") && value is JsonPrimitive -> open(json(value.content))
        path.endsWith("thinking") && (value as? JsonObject)?.text("type") == "disabled" -> null
        value is JsonObject -> obj(path, value)
        value is JsonArray -> JsonArray(value.mapNotNull { normal("$path[]", it) }).ifEmpty { null }
        path.endsWith("[].text") && value is JsonPrimitive && value.content.isBlank() -> null
        else -> value
    }

    private fun obj(path: String, value: JsonObject): JsonElement? {
        val text = value.text("text").takeIf { path.endsWith("document.source") }
        if (text != null) {
            return JsonObject(mapOf("bytes" to JsonPrimitive(Base64.getEncoder().encodeToString(text.encodeToByteArray()))))
        }
        if (path.endsWith("cachePoint") && value.text("ttl") == "5m") return JsonObject(value - "ttl")
        val kept = value.mapNotNull { (name, inner) -> normal("$path.$name", inner)?.let { name to it } }.toMap()
        return JsonObject(kept).takeIf { it.isNotEmpty() || path.endsWith(".auto") || path.endsWith(".any") }
    }

    /** Without the word that closes an object, which models that must have it get. */
    private fun open(schema: JsonElement): JsonElement = when (schema) {
        is JsonObject -> JsonObject(
            schema.filterNot { (name, value) -> name == "additionalProperties" && value == JsonPrimitive(false) }
                .mapValues { open(it.value) },
        )

        is JsonArray -> JsonArray(schema.map(::open))

        else -> schema
    }

    private fun turns(messages: JsonArray): List<JsonObject> {
        val turns = ArrayList<Pair<String?, List<JsonElement>>>()
        for (message in messages.map { it as JsonObject }) {
            val role = message.text("role")
            val blocks = message["content"] as JsonArray
            if (turns.lastOrNull()?.first == role) turns += role to turns.removeLast().second + blocks else turns += role to blocks
        }
        return turns.map { (role, blocks) ->
            val (results, others) = blocks.partition { (it as JsonObject).obj("toolResult") != null && role == "user" }
            JsonObject(mapOf("role" to JsonPrimitive(role), "content" to JsonArray(results + others)))
        }
    }

    private companion object {
        val FREE = listOf("inputSchema.json", "toolUse.input", "toolResult.content[].json")

        /** Places in the library's words, and where they go. */
        val NAMES = listOf(
            "response_format.schema" to "outputConfig",
            "response_format.schema" to "toolConfig",
            "temperature" to "inferenceConfig.temperature",
            "top_p" to "inferenceConfig.topP",
            "tool_choice" to "toolConfig.toolChoice",
            "tools" to "toolConfig",
        )
    }
}

private fun JsonArray.ifEmpty(other: () -> JsonArray?): JsonArray? = if (isEmpty()) other() else this
