package io.kompletion.testkit.gemini

import io.kompletion.testkit.internal.array
import io.kompletion.testkit.internal.int
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.doubleOrNull

/** Throws what Google's server says to a body that breaks its rules; those a client library is likely to break. */
internal fun checkGenerateContent(body: JsonObject, model: GeminiModel, api: GeminiApi, path: GeminiPath) {
    checkFields(body, BODY + api.fields, "")
    if (body.array("contents").isNullOrEmpty()) {
        refuse("* GenerateContentRequest.contents: contents is not specified")
    }
    checkContents(body.objects("contents"), model, path)
    body.obj("generationConfig")?.let {
        checkGenerationConfig(it)
        checkThinking(it.obj("thinkingConfig") ?: return@let, model)
    }
    checkTools(body, model)
    if ("cachedContent" in body && listOf("systemInstruction", "tools", "toolConfig").any { it in body }) {
        refuse(
            "CachedContent can not be used with GenerateContent request setting system_instruction, tools or " +
                "tool_config.",
        )
    }
}

/** Refuses names that [known] does not have; [at] is where in the request [fields] stand, empty for its top. */
internal fun checkFields(fields: JsonObject, known: Set<String>, at: String) {
    val unknown = fields.keys.firstOrNull { it !in known } ?: return
    val where = if (at.isEmpty()) "" else " at '$at'"
    refuse("Invalid JSON payload received. Unknown name \"$unknown\"$where: Cannot find field.")
}

/** The budget for thinking that a request names; 0 turns thinking off, -1 leaves it to the model. */
internal fun thinkingBudget(body: Map<String, JsonElement>): Int? =
    (protoNames(JsonObject(body)) as JsonObject).obj("generationConfig")?.obj("thinkingConfig")?.int("thinkingBudget")

private fun checkGenerationConfig(config: JsonObject) {
    checkFields(config, CONFIG, "generation_config")
    if ("responseSchema" in config && "responseJsonSchema" in config) {
        refuse("Only one of response_schema and response_json_schema may be set in generation_config.")
    }
    val schema = "responseSchema" in config || "responseJsonSchema" in config
    if (schema && config.text("responseMimeType") !in listOf("application/json", "text/x.enum")) {
        refuse(
            "* GenerateContentRequest.generation_config.response_schema: only allowed when response_mime_type is " +
                "application/json or text/x.enum",
        )
    }
    config["responseSchema"]?.let { checkGeminiSchema(it, "generation_config.response_schema") }
    if (config.array("stopSequences").orEmpty().size > MAX_STOPS) {
        refuse("* GenerateContentRequest.generation_config.stop_sequences: at most $MAX_STOPS stop sequences")
    }
    val temperature = (config["temperature"] as? JsonPrimitive)?.doubleOrNull ?: return
    if (temperature !in 0.0..MAX_TEMPERATURE) {
        refuse(
            "Unable to submit request because it has a temperature value of $temperature but the supported range is " +
                "from 0 (inclusive) to 2.0001 (exclusive). Update the value and try again.",
        )
    }
}

private fun checkThinking(thinking: JsonObject, model: GeminiModel) {
    checkFields(thinking, THINKING, "generation_config.thinking_config")
    val budget = thinking.int("thinkingBudget")
    val level = thinking.text("thinkingLevel")?.uppercase()
    if (budget != null && level != null) {
        refuse("You can only set only one of thinking budget and thinking level.")
    }
    if (budget == 0 && !model.canStopThinking) refuse("Budget 0 is invalid. This model only works in thinking mode.")
    if (budget != null && budget !in -1..model.maxBudget) {
        refuse("The thinking budget $budget is invalid. Please choose a value between 1 and ${model.maxBudget}.")
    }
    if (level != null && !model.takesLevels) refuse("Thinking level is not supported for this model.")
    if (level == "MINIMAL" && !model.takesMinimal) refuse("Thinking level MINIMAL is not supported for this model.")
}

private fun checkTools(body: JsonObject, model: GeminiModel) {
    val declarations = body.objects("tools").flatMap { it.objects("functionDeclarations") }
    declarations.forEachIndexed { index, declaration ->
        val at = "tools[0].function_declarations[$index]"
        checkFields(declaration, DECLARATION, at)
        if (!declaration.text("name").orEmpty().matches(FUNCTION_NAME)) {
            refuse(
                "* GenerateContentRequest.$at.name: Invalid function name. Must start with a letter or an " +
                    "underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or " +
                    "dashes (-), with a maximum length of 128.",
            )
        }
        if ("parameters" in declaration && "parametersJsonSchema" in declaration) {
            refuse("Only one of parameters and parameters_json_schema may be set at '$at'.")
        }
        declaration["parameters"]?.let { checkGeminiSchema(it, "$at.parameters") }
    }
    if (declarations.map { it.text("name") }.let { it.distinct().size < it.size }) {
        refuse("Duplicate function declaration found.")
    }
    val calling = body.obj("toolConfig")?.obj("functionCallingConfig")
    val names = calling?.array("allowedFunctionNames").orEmpty()
    if (names.isNotEmpty() && calling?.text("mode")?.uppercase() !in listOf("ANY", "VALIDATED")) {
        refuse("Allowed function names should only be set when function calling mode is ANY or VALIDATED.")
    }
    if (calling?.text("mode")?.uppercase() == "ANY" && declarations.isEmpty()) {
        refuse("Function calling mode ANY is set without function_declarations.")
    }
    val mimeType = body.obj("generationConfig")?.text("responseMimeType")
    if (declarations.isNotEmpty() && mimeType == "application/json" && !model.mixesToolsAndJson) {
        refuse("Function calling with a response mime type: 'application/json' is unsupported")
    }
}

private const val MAX_STOPS = 5
private const val MAX_TEMPERATURE = 2.0
private val FUNCTION_NAME = Regex("[A-Za-z_][\\w.:-]{0,127}")

private val BODY = setOf(
    "contents",
    "model",
    "tools",
    "toolConfig",
    "safetySettings",
    "systemInstruction",
    "generationConfig",
    "cachedContent",
)

private val THINKING = setOf("includeThoughts", "thinkingBudget", "thinkingLevel")

private val DECLARATION = setOf(
    "name",
    "description",
    "behavior",
    "parameters",
    "parametersJsonSchema",
    "response",
    "responseJsonSchema",
)

private val CONFIG = setOf(
    "temperature",
    "topP",
    "topK",
    "candidateCount",
    "maxOutputTokens",
    "stopSequences",
    "seed",
    "presencePenalty",
    "frequencyPenalty",
    "responseLogprobs",
    "logprobs",
    "responseMimeType",
    "responseSchema",
    "responseJsonSchema",
    "responseModalities",
    "thinkingConfig",
    "mediaResolution",
    "speechConfig",
    "imageConfig",
    "audioTimestamp",
    "routingConfig",
    "enableEnhancedCivicAnswers",
)
