package io.kompletion.providers.ollama

import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.ToolChoice
import io.kompletion.internal.wire.FieldWriter
import io.kompletion.internal.wire.RequestHeaders
import io.kompletion.provider.EncodedChat
import io.kompletion.provider.Target
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Writes one request body. */
internal class OllamaRequestWriter(private val target: Target, private val streaming: Boolean) {
    private val request = target.request
    private val fields = FieldWriter(target, "Ollama")
    private val json = fields.json

    fun encode(): EncodedChat {
        fields.oneChoice()
        json.beginObject()
        fields.own("model") { json.value(target.model) }
        fields.own("messages") { OllamaMessageWriter(target.providerId, fields).write(request.messages) }
        json.field("stream", streaming)
        val options = OllamaModelOptions(target, fields.tokenLimit("num_predict")).fields
        if (options.isNotEmpty()) json.field(OPTIONS, JsonObject(options))
        tools()
        format()
        think()
        fields.own("logprobs", request.logprobs)
        fields.own("top_logprobs", request.topLogprobs)
        fields.onlyShared()
        fields.others(
            handled =
            target.options.keys - OllamaModelOptions.BESIDE - request.extraBody.orEmpty().keys + OPTIONS,
        )
        json.endObject()
        return EncodedChat("/api/chat", RequestHeaders.of(target, streaming), json.toByteArray(), fields.warnings)
    }

    /** Ollama leaves the choice to the model: what can be done about it is to send fewer tools. */
    private fun tools() {
        val choice = request.toolChoice
        val tools = request.tools.orEmpty().mapIndexed { index, tool ->
            tool.function
                ?: throw fields.unsupported("Ollama has functions only, not \"${tool.type}\"", "tools[$index]")
        }
        val sent = when (choice) {
            is ToolChoice.None -> emptyList()
            is ToolChoice.Named -> tools.filter { it.name == choice.name }
            else -> tools
        }
        when (choice) {
            null, is ToolChoice.Auto -> Unit

            is ToolChoice.None -> fields.map(CHOICE, "sent without tools")

            is ToolChoice.Named -> fields.map(
                CHOICE,
                "sent with no other tool than \"${choice.name}\", which may go uncalled",
            )

            else -> fields.drop(CHOICE, "Ollama leaves the choice to the model")
        }
        if (request.parallelToolCalls == false) fields.drop("parallel_tool_calls", "Ollama leaves it to the model")
        if (sent.isEmpty()) return
        fields.own("tools") {
            json.beginArray()
            for (function in sent) {
                json.beginObject().name("type").value("function").name("function").beginObject()
                json.field("name", function.name)
                json.field("description", function.description)
                json.field("parameters", function.parameters ?: NO_PARAMETERS)
                for ((name, value) in function.extra) json.field(name, value)
                json.endObject().endObject()
            }
            json.endArray()
        }
        if (sent.any { it.strict == true }) fields.drop("tools.strict", "Ollama has no such field")
    }

    private fun format() {
        val format: JsonElement = when (val asked = request.responseFormat) {
            null -> request.responseSchema ?: return

            is ResponseFormat.JsonSchema -> {
                if (asked.description != null) fields.drop("response_format.description", "Ollama has no such field")
                asked.schema
            }

            is ResponseFormat.JsonMode -> JsonPrimitive("json")

            is ResponseFormat.Text -> return

            is ResponseFormat.Raw -> asked.value
        }
        fields.own("format") { json.value(format) }
    }

    /** Most models think or do not; gpt-oss always thinks, for longer or shorter. */
    private fun think() {
        val effort = request.reasoningEffort ?: return
        if (THINK in fields.overrides) return fields.drop(EFFORT, "$THINK is set too and wins")
        val hasLevels = target.model.substringAfterLast('/').startsWith("gpt-oss")
        when {
            !hasLevels -> fields.own(THINK, effort != "none")
            effort == "none" -> return fields.drop(EFFORT, "${target.model} always thinks")
            else -> fields.own(THINK) { json.value(LEVELS[effort] ?: effort) }
        }
        fields.map(EFFORT, "sent as $THINK = ${if (hasLevels) LEVELS[effort] ?: effort else effort != "none"}")
    }

    private companion object {
        const val OPTIONS = "options"
        const val CHOICE = "tool_choice"
        const val THINK = "think"
        const val EFFORT = "reasoning_effort"
        val LEVELS = mapOf("minimal" to "low", "xhigh" to "high", "max" to "high")
        val NO_PARAMETERS: JsonElement = JsonObject(
            mapOf("type" to JsonPrimitive("object"), "properties" to JsonObject(emptyMap())),
        )
    }
}
