package io.kompletion.java.fault

import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.FinishReason
import io.kompletion.chat.IncompleteToolCallPart
import io.kompletion.testkit.fault.ExpectedOutcome.Reading
import io.kompletion.testkit.fault.Recording
import kotlinx.serialization.json.Json

/** Holds an answer against the recording. */
internal class AnswerCheck(private val recording: Recording, private val reading: Reading) {
    fun problems(seen: Observation, answer: ChatCompletionResponse, streams: Boolean): List<String> = buildList {
        when (reading) {
            Reading.ANSWER -> {
                text(answer, recording.answer)
                usage(answer)
            }

            Reading.TEXT -> text(answer, recording.answer)

            Reading.REPLACED_TEXT -> replaced(answer)

            Reading.TOOL_CALL -> toolCall(seen, answer, streams)

            Reading.INCOMPLETE_TOOL_CALL -> incomplete(seen, answer)
        }
        if (streams && seen.text != answer.content.orEmpty()) {
            add("handed out \"${seen.text}\" and answered \"${answer.content}\"")
        }
    }

    private fun MutableList<String>.text(answer: ChatCompletionResponse, expected: String) {
        if (answer.content != expected) add("text \"${answer.content}\" instead of \"$expected\"")
        if (answer.finishReason != FinishReason.STOP) add("finish reason ${answer.finishReason}")
        if (answer.toolCalls.isNotEmpty()) add("tool calls ${answer.toolCalls}")
    }

    private fun MutableList<String>.usage(answer: ChatCompletionResponse) {
        val figures = answer.usage?.let { "${it.promptTokens} + ${it.completionTokens}" }
        val expected = "${recording.inputTokens} + ${recording.outputTokens}"
        if (figures != expected) add("usage $figures instead of $expected")
    }

    /** One character more, and no other difference. */
    private fun MutableList<String>.replaced(answer: ChatCompletionResponse) {
        val content = answer.content.orEmpty()
        if (content.count { it == REPLACEMENT } != 1) add("no single U+FFFD in \"$content\"")
        text(answer.copyOfText(content), recording.answer)
    }

    private fun ChatCompletionResponse.copyOfText(content: String): ChatCompletionResponse =
        ChatCompletionResponse.fromJson(toJson().replace(content, content.replace("$REPLACEMENT", "")))

    private fun MutableList<String>.toolCall(seen: Observation, answer: ChatCompletionResponse, streams: Boolean) {
        val call = answer.toolCalls.singleOrNull() ?: return Unit.also { add("tool calls ${answer.toolCalls}") }
        if (call.name != recording.toolName) add("calls ${call.name}")
        val expected = Json.parseToJsonElement(recording.toolArguments)
        if (Json.parseToJsonElement(call.function.rawArguments) != expected) {
            add("arguments ${call.function.rawArguments} instead of $expected")
        }
        if (streams && seen.toolCalls.size != 1) add("handed out ${seen.toolCalls.size} tool calls")
        if (answer.finishReason != FinishReason.TOOL_CALLS) add("finish reason ${answer.finishReason}")
    }

    private fun MutableList<String>.incomplete(seen: Observation, answer: ChatCompletionResponse) {
        if (answer.toolCalls.isNotEmpty() || seen.toolCalls.isNotEmpty()) add("handed out a call that was cut off")
        if (answer.message.parts.none { it is IncompleteToolCallPart }) add("does not tell of the call")
        if (answer.finishReason != FinishReason.LENGTH) add("finish reason ${answer.finishReason}")
        if (answer.warnings.isEmpty()) add("no warning")
    }

    private companion object {
        const val REPLACEMENT = '\uFFFD'
    }
}
