package io.kompletion.testkit.conformance

import io.kompletion.testkit.internal.array
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject

/**
 * Reads a request in Gemini's normal form (see [GeminiNormalForm]) as the library's JSON form of a request. Options that
 * have no place of their own become options of the provider.
 */
internal class GeminiRequestReader(private val model: String) {
    private val messages = ArrayList<JsonObject>()
    private val fields = LinkedHashMap<String, JsonElement>()
    private val options = LinkedHashMap<String, JsonElement>()

    /** Calls without a result, by id, with their names. */
    private val open = LinkedHashMap<String, String>()
    private var calls = 0

    fun read(body: JsonObject): JsonObject {
        for ((name, value) in body) {
            when (name) {
                "contents" -> Unit
                "systemInstruction" -> messages.add(0, message("system", parts(value as JsonObject).map { user(it) }))
                "generationConfig" -> (value as JsonObject).forEach { (field, setting) -> generation(field, setting) }
                "tools" -> fields["tools"] = tools(value as JsonArray)
                "toolConfig" -> toolConfig(value as JsonObject)
                else -> options[name] = value
            }
        }
        body.objects("contents").forEach(::content)
        fields["model"] = JsonPrimitive(model)
        fields["messages"] = JsonArray(messages)
        if (options.isNotEmpty()) {
            fields["provider_options"] = JsonObject(mapOf("google" to JsonObject(options)))
        }
        return JsonObject(fields)
    }

    private fun message(role: String, content: List<JsonElement>) =
        JsonObject(mapOf("role" to JsonPrimitive(role), "content" to JsonArray(content)))

    private fun parts(holder: JsonObject) = holder.objects("parts")

    private fun content(content: JsonObject) {
        if (content.text("role") == "model") {
            open.clear()
            messages += buildJsonObject {
                put("role", JsonPrimitive("assistant"))
                put("parts", JsonArray(parts(content).map(::said)))
            }
            return
        }
        val (results, others) = parts(content).partition { "functionResponse" in it }
        results.forEach { messages += result(it.obj("functionResponse") ?: it) }
        if (others.isNotEmpty()) messages += message("user", others.map(::user))
    }

    private fun user(part: JsonObject): JsonElement {
        val inline = part.obj("inlineData")
        val file = part.obj("fileData")
        val text = part.text("text")
        return when {
            text != null -> typed("text", "text" to JsonPrimitive(text))
            inline != null -> inline(inline.text("mimeType").orEmpty(), inline.text("data").orEmpty())
            file != null -> typed("image_url", "image_url" to JsonObject(mapOf("url" to file.getValue("fileUri"))))
            else -> JsonObject(mapOf("type" to JsonPrimitive(part.keys.first())) + part)
        }
    }

    private fun inline(type: String, data: String): JsonObject {
        val url = JsonPrimitive("data:$type;base64,$data")
        return when (type.substringBefore('/')) {
            "image" -> typed("image_url", "image_url" to JsonObject(mapOf("url" to url)))

            "audio" -> {
                val format = JsonPrimitive(type.substringAfter('/'))
                typed("input_audio", "input_audio" to JsonObject(mapOf("data" to JsonPrimitive(data), "format" to format)))
            }

            else -> typed("file", "file" to JsonObject(mapOf("file_data" to url)))
        }
    }

    private fun typed(type: String, vararg fields: Pair<String, JsonElement>) =
        JsonObject(mapOf("type" to JsonPrimitive(type)) + fields)

    private fun said(part: JsonObject): JsonObject {
        val signature = part["thoughtSignature"]?.let { mapOf("thought_signature" to it) }.orEmpty()
        val call = part.obj("functionCall")
        val text = part["text"]
        return when {
            call != null -> JsonObject(typed("tool_call", "tool_call" to JsonObject(call(call) + signature)))
            text != null -> JsonObject(typed("text", "text" to text) + signature)
            else -> JsonObject(mapOf("type" to JsonPrimitive(part.keys.first { it != "thoughtSignature" })) + part)
        }
    }

    private fun call(call: JsonObject): Map<String, JsonElement> {
        val name = call.text("name").orEmpty()
        // An id of the library's own making does not go out again.
        val id = call.text("id") ?: "call_g_test_${calls++}"
        open[id] = name
        val function = mapOf("name" to JsonPrimitive(name), "arguments" to (call["args"] ?: JsonObject(emptyMap())))
        val rest = call - setOf("id", "name", "args")
        return mapOf("id" to JsonPrimitive(id), "function" to JsonObject(function)) + rest
    }

    private fun result(response: JsonObject): JsonObject {
        val name = response.text("name").orEmpty()
        val id = response.text("id")?.takeIf { it in open } ?: open.entries.firstOrNull { it.value == name }?.key
        open.remove(id)
        return buildJsonObject {
            put("role", JsonPrimitive("tool"))
            put("tool_call_id", JsonPrimitive(id.orEmpty()))
            put("name", JsonPrimitive(name))
            put("content", response["response"] ?: JsonPrimitive(""))
        }
    }

    private fun generation(name: String, value: JsonElement) {
        when (name) {
            "candidateCount" -> fields["n"] = value

            "maxOutputTokens" -> fields["max_tokens"] = value

            "stopSequences" -> fields["stop"] = value

            "responseLogprobs" -> fields["logprobs"] = value

            "logprobs" -> fields["top_logprobs"] = value

            "schema" -> {
                fields["response_schema"] = value
                fields -= "response_format"
            }

            "responseModalities" -> fields["modalities"] = value

            "responseMimeType" -> if (value == JSON) json() else options[name] = value

            in TYPED -> fields[TYPED.getValue(name)] = value

            else -> options[name] = value
        }
    }

    /** A schema, before or after, says it too. */
    private fun json() {
        if ("response_schema" !in fields) fields["response_format"] = JsonObject(mapOf("type" to JsonPrimitive("json_object")))
    }

    private fun tools(tools: JsonArray) = JsonArray(
        tools.filterIsInstance<JsonObject>().flatMap { tool ->
            tool.entries.flatMap { (type, settings) ->
                if (type == "functionDeclarations") {
                    tool.objects(type).map { typed("function", "function" to it) }
                } else {
                    listOf(JsonObject(mapOf("type" to JsonPrimitive(type)) + (settings as? JsonObject).orEmpty()))
                }
            }
        },
    )

    private fun toolConfig(config: JsonObject) {
        val calling = config.obj("functionCallingConfig")
        val names = calling?.array("allowedFunctionNames")
        val choice = when {
            calling?.text("mode") == null -> null
            names == null -> MODES[calling.text("mode")]?.let(::JsonPrimitive)
            names.size == 1 -> names.single()
            else -> JsonObject(mapOf("functionCallingConfig" to calling))
        }
        if (choice != null) fields["tool_choice"] = choice
        val rest = if (choice == null) config else JsonObject(config - "functionCallingConfig")
        if (rest.isNotEmpty()) options["tool_config"] = rest
    }

    private companion object {
        val JSON = JsonPrimitive("application/json")
        val MODES = mapOf("AUTO" to "auto", "NONE" to "none", "ANY" to "required")
        val TYPED = mapOf(
            "temperature" to "temperature",
            "topP" to "top_p",
            "topK" to "top_k",
            "seed" to "seed",
            "presencePenalty" to "presence_penalty",
            "frequencyPenalty" to "frequency_penalty",
        )
    }
}
