package io.kompletion.testkit.gemini

import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import kotlinx.serialization.json.JsonObject

/** Throws what Google's server says to contents that break its rules. Several of one role in a row are no breach. */
internal fun checkContents(contents: List<JsonObject>, model: GeminiModel, path: GeminiPath) {
    contents.forEachIndexed { index, content ->
        val at = "contents[$index]"
        checkFields(content, CONTENT, at)
        if ("role" in content && content.text("role") !in ROLES) refuse("Please use a valid role: user, model.")
        if (content.objects("parts").isEmpty()) {
            refuse("* GenerateContentRequest.$at.parts: contents.parts must not be empty.")
        }
        content.objects("parts").forEachIndexed { position, part -> checkPart(part, "$at.parts[$position]", path) }
    }
    if (contents.first().isModel()) refuse("Please ensure that the first content has the role user.")
    checkTurns(contents, model)
    if (model.isThree) checkSignatures(contents)
}

private fun checkPart(part: JsonObject, at: String, path: GeminiPath) {
    checkFields(part, DATA + MARKS, at)
    if (part.keys.count { it in DATA } != 1) {
        refuse(
            "* GenerateContentRequest.$at.data: required oneof field 'data' must have one initialized field",
        )
    }
    if (part.text("thoughtSignature")?.matches(BASE64) == false) {
        refuse("Invalid value at '$at.thought_signature' (TYPE_BYTES), Base64 decoding failed")
    }
    val ids = if (path.hasCallIds) setOf("id") else emptySet()
    part.obj("functionCall")?.let { call ->
        checkFields(call, CALL + ids, "$at.function_call")
        checkStruct(call, "args", "$at.function_call")
        checkName(call, "$at.function_call")
    }
    part.obj("functionResponse")?.let { response ->
        checkFields(response, RESPONSE + ids, "$at.function_response")
        checkStruct(response, "response", "$at.function_response")
        checkName(response, "$at.function_response")
    }
}

private fun checkStruct(holder: JsonObject, name: String, at: String) {
    if (name in holder && holder[name] !is JsonObject) {
        refuse("Invalid value at '$at.$name' (type.googleapis.com/google.protobuf.Struct), ${holder[name]}")
    }
}

private fun checkName(holder: JsonObject, at: String) {
    if (holder.text("name").isNullOrEmpty()) refuse("* GenerateContentRequest.$at.name: Name cannot be empty.")
}

/**
 * The calls of a turn are answered in the next content, all of them, and nothing else is answered. Older models let a
 * turn pass that nobody answers.
 */
private fun checkTurns(contents: List<JsonObject>, model: GeminiModel) {
    contents.forEachIndexed { index, content ->
        val calls = content.all("functionCall")
        val answers = contents.getOrNull(index + 1)?.all("functionResponse").orEmpty()
        if (calls.isNotEmpty()) {
            if (calls.size != answers.size && (model.thinks || answers.isNotEmpty())) {
                refuse(
                    "Please ensure that the number of function response parts is equal to the number of function " +
                        "call parts of the function call turn.",
                )
            }
            val unmatched = answers.firstOrNull { answer -> calls.none { it.isAnsweredBy(answer) } }
            if (unmatched != null) {
                refuse("Function response ${unmatched.text("name")} does not match any function call of its turn.")
            }
        }
        if (content.all("functionResponse").isNotEmpty() && index.previousCalls(contents).isEmpty()) {
            refuse("Please ensure that function response turn comes immediately after a function call turn.")
        }
    }
}

private fun Int.previousCalls(contents: List<JsonObject>): List<JsonObject> =
    contents.getOrNull(this - 1)?.all("functionCall").orEmpty()

/** An id counts only where both have one. */
private fun JsonObject.isAnsweredBy(answer: JsonObject): Boolean =
    text("name") == answer.text("name") && listOfNotNull(text("id"), answer.text("id")).distinct().size < 2

/** Gemini 3 wants the signature of the first call of every step since the user last said something. */
private fun checkSignatures(contents: List<JsonObject>) {
    val turn = contents.indexOfLast { !it.isModel() && it.all("functionResponse").isEmpty() }
    contents.drop(turn + 1).filter { it.isModel() }.forEach { step ->
        val position = step.objects("parts").indexOfFirst { "functionCall" in it }
        if (position < 0 || "thoughtSignature" in step.objects("parts")[position]) return@forEach
        val name = step.all("functionCall").first().text("name")
        refuse(
            "Function call is missing a thought_signature in functionCall parts. This is required for tools to work " +
                "correctly, and missing thought_signature may lead to degraded model performance. Additional data, " +
                "function call `default_api:$name` , position ${contents.indexOf(step)}. Please refer to " +
                "https://ai.google.dev/gemini-api/docs/thought-signatures for more details.",
        )
    }
}

private fun JsonObject.all(name: String): List<JsonObject> = objects("parts").mapNotNull { it.obj(name) }

private fun JsonObject.isModel(): Boolean = text("role") == "model"

private val ROLES = setOf("user", "model", "function")
private val CONTENT = setOf("role", "parts")
private val CALL = setOf("name", "args", "partialArgs", "willContinue")
private val RESPONSE = setOf("name", "response", "parts", "willContinue", "scheduling")
private val MARKS = setOf("thought", "thoughtSignature", "videoMetadata", "mediaResolution")
private val BASE64 = Regex("[A-Za-z0-9+/_-]*={0,2}")

private val DATA = setOf(
    "text",
    "inlineData",
    "fileData",
    "functionCall",
    "functionResponse",
    "executableCode",
    "codeExecutionResult",
    "toolCall",
    "toolResponse",
)
