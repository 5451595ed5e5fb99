package io.kompletion.testkit.conformance

import io.kompletion.chat.Warning
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Where a request that was read and written again differs from the recorded one. What the documentation says about the
 * way of a request counts as the same:
 * - the method that is called decides about `stream`, and a stream asks for usage;
 * - an explicit null, an empty list and empty content are absent fields, but not inside schemas and other free JSON;
 * - one stop sequence is a list of one, and the bare address of an image is an object with a `url`;
 * - content of text parts that carry nothing else is their text;
 * - instructions go under the role that the model knows: system, developer or user;
 * - `any`, Mistral's word, is `required`; plain text is the default format of an answer;
 * - a tool without a type is a function;
 * - the place of a call in an old answer (`index`) says nothing in a request;
 * - everything that a warning of the answer names.
 */
internal class RequestComparison(private val warnings: List<Warning>) {
    private val found = ArrayList<String>()

    fun differences(recorded: JsonObject, sent: JsonObject): List<String> {
        compare("", withoutStream(recorded), withoutStream(sent))
        return found
    }

    private fun withoutStream(body: JsonObject): JsonObject {
        val options = (body["stream_options"] as? JsonObject).orEmpty().filterKeys { it != "include_usage" }
        val rest = body.filterKeys { it != "stream" && it != "stream_options" }
        return JsonObject(if (options.isEmpty()) rest else rest + ("stream_options" to JsonObject(options)))
    }

    private fun compare(path: String, wanted: JsonElement?, got: JsonElement?) {
        val isList = wanted is JsonArray && got is JsonArray && texts(wanted) == null
        val recorded = if (isList) wanted else normal(path, wanted)
        val sent = if (isList) got else normal(path, got)
        when {
            recorded == null && sent == null -> Unit

            recorded is JsonObject && sent is JsonObject -> (recorded.keys + sent.keys).forEach { name ->
                compare(if (path.isEmpty()) name else "$path.$name", recorded[name], sent[name])
            }

            recorded is JsonArray && sent is JsonArray && recorded.size == sent.size ->
                recorded.indices.forEach { compare("$path[$it]", recorded[it], sent[it]) }

            recorded != null && sent != null && Trees.same(recorded, sent) -> Unit

            ROLE.matches(path) && listOf(recorded, sent).all { it in INSTRUCTIONS } -> Unit

            recorded == null && TOOL_TYPE.matches(path) && sent == JsonPrimitive("function") -> Unit

            warnings.none { covers(it, path) } -> found += "$path: expected ${clipped(wanted)}, got ${clipped(got)}"
        }
    }

    /** A warning speaks in the library's words: `cache_breakpoint`, and `parts` for what an assistant's fields hold. */
    private fun covers(warning: Warning, path: String): Boolean {
        val place = warning.parameter.replace("cache_breakpoint", "cache_control")
        val part = place.substringBefore(".parts[", "")
        val holder = place.substringBefore(".cache_control", "")
        return when {
            warning.kind == "renamed" && warning.message == "sent as $path" -> true
            part.isNotEmpty() -> ASSISTANT.any { path == "$part.$it" }
            else -> place.isNotEmpty() && (path == place || path.startsWith("$place.") || path == holder)
        }
    }

    private fun normal(path: String, value: JsonElement?): JsonElement? = when {
        FREE.any { it in path } -> value
        value is JsonNull || (value as? JsonArray)?.isEmpty() == true -> null
        CALL_INDEX.matches(path) -> null
        path == "stop" && value is JsonPrimitive -> JsonArray(listOf(value))
        path == "tool_choice" && value == JsonPrimitive("any") -> JsonPrimitive("required")
        path == "response_format" && value == PLAIN_TEXT -> null
        path.endsWith("].image_url") && value is JsonPrimitive -> JsonObject(mapOf("url" to value))
        path.endsWith("].content") -> text(value)
        else -> value
    }

    private fun text(content: JsonElement?): JsonElement? {
        val joined = (content as? JsonArray)?.let(::texts)?.let { JsonPrimitive(it.joinToString("")) } ?: content
        return joined.takeUnless { it is JsonPrimitive && it.isString && it.content.isEmpty() }
    }

    /** The texts of [parts] when they are nothing but text, else null. */
    private fun texts(parts: JsonArray): List<String>? = parts.map { part ->
        val fields = part as? JsonObject
        fields?.takeIf { it.keys == TEXT }?.get("text")?.let { (it as? JsonPrimitive)?.content } ?: return null
    }

    private companion object {
        val TEXT = setOf("type", "text")
        val FREE = listOf(".parameters.", ".schema.", "logit_bias.", "metadata.")
        val ROLE = Regex("""messages\[\d+]\.role""")
        val CALL_INDEX = Regex("""messages\[\d+]\.tool_calls\[\d+]\.index""")
        val TOOL_TYPE = Regex("""tools\[\d+]\.type""")
        val INSTRUCTIONS = listOf("system", "developer", "user").map(::JsonPrimitive)
        val PLAIN_TEXT = JsonObject(mapOf("type" to JsonPrimitive("text")))
        val ASSISTANT = listOf("content", "reasoning", "reasoning_content", "reasoning_details")
    }
}
