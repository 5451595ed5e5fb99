package io.kompletion.providers.anthropic

import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ResponseFormat
import io.kompletion.chat.ToolChoice
import io.kompletion.chat.Warning
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * How a structured answer is got. Models that have it get the schema in `output_config`. The others get a tool whose
 * input is the answer: they are made to call it when nothing else is on offer, and told to when they think or have other
 * tools, because a forced call forbids both.
 */
internal class AnthropicOutput(
    private val request: ChatCompletionRequest,
    private val modelName: String,
    private val takesSchema: Boolean,
    private val takesForcedTool: Boolean,
    private val isThinking: Boolean,
    private val warnings: MutableList<Warning>,
    private val provider: String = "Anthropic",
) {
    /** The schema for `output_config.format`; null when there is none. */
    var schema: JsonElement? = null
        private set

    /** The schema of the tool that stands in for it; null when there is none. */
    var toolSchema: JsonElement? = null
        private set

    /** What the model is told beside the instructions of the caller; null when nothing. */
    var instruction: String? = null
        private set

    /** Whether the model is made to call the tool. */
    var forcesTool: Boolean = false
        private set

    /** What the stand-in tool is said to do. */
    var toolDescription: String = ""
        private set

    init {
        when (val format = request.responseFormat) {
            is ResponseFormat.JsonSchema -> schema(format.schema, "response_format.schema", format.description)
            is ResponseFormat.JsonMode -> jsonMode()
            is ResponseFormat.Raw -> raw(format.value)
            is ResponseFormat.Text, null -> request.responseSchema?.let { schema(it, "response_schema", null) }
        }
    }

    private fun jsonMode() {
        instruction = "Answer with one JSON object and nothing else: no introduction, no code fence."
        warnings += Warning("response_format", "mapped", "$provider has no JSON mode; the model is told to answer JSON")
    }

    private fun raw(value: JsonElement) {
        val fields = value as? JsonObject
        val found = (fields?.obj("json_schema") ?: fields)?.obj("schema")
        if (fields?.string("type") == "json_schema" && found != null) {
            schema(found, "response_format.json_schema.schema", null)
        } else {
            warnings += Warning("response_format", "dropped", "$provider has no such format")
        }
    }

    private fun schema(wanted: JsonElement, place: String, description: String?) {
        if (takesSchema) {
            val cleaner = AnthropicSchema()
            schema = cleaner.clean(wanted)
            cleaner.changes.forEach { warnings += Warning(place, "mapped", it) }
            return
        }
        val isObject = (wanted as? JsonObject)?.string("type") == "object"
        if (!isObject) {
            throw invalid(place, "$place: for $modelName the root type must be \"object\"")
        }
        if (request.tools.orEmpty().any { it.name == AnthropicAnswerReader.ANSWER_TOOL }) {
            throw invalid(
                "tools",
                "the tool name \"${AnthropicAnswerReader.ANSWER_TOOL}\" is taken for structured output",
            )
        }
        toolSchema = wanted
        val alone = request.tools.isNullOrEmpty() || request.toolChoice is ToolChoice.None
        forcesTool = alone && !isThinking && takesForcedTool
        warnings += Warning(place, "mapped", "$modelName has no structured output; a tool call brings the answer")
        if (!forcesTool) {
            instruction = "Give your final answer by calling the tool \"${AnthropicAnswerReader.ANSWER_TOOL}\", " +
                "with the answer as its input. Write no text beside it."
        }
        toolDescription = description ?: "Gives the final answer to the user."
    }

    /** `output_config` of the schema, [effort] and what the caller wrote himself, which wins; null when empty. */
    fun config(effort: String?, own: JsonElement?): JsonElement? {
        if (own != null && own !is JsonObject) return own
        val fields = LinkedHashMap<String, JsonElement>()
        if (effort != null) fields["effort"] = JsonPrimitive(effort)
        schema?.let { fields["format"] = JsonObject(mapOf("type" to JsonPrimitive("json_schema"), "schema" to it)) }
        if (own is JsonObject) fields += own
        return JsonObject(fields).takeIf { it.isNotEmpty() }
    }

    private fun invalid(param: String, message: String) =
        InvalidRequestException(message, ErrorDetails.builder().param(param).build())
}
