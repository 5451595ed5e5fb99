package io.kompletion.internal.cache

import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Choice
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.FinishReason
import io.kompletion.chat.IncompleteToolCallPart
import io.kompletion.chat.InterruptionChunk
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.ToolCallPart

/** Which answers are good enough to be given again: whole, and ended by the model's own will. */
internal class KeepRules(private val toolCalls: Boolean, private val maxBytes: Int) {
    fun mayKeep(
        request: ChatCompletionRequest,
        response: ChatCompletionResponse,
        chunks: List<ChatCompletionChunk>?,
    ): Boolean = response.choices.isNotEmpty() && hasAll(request, response) && response.choices.all(::isWhole) &&
        chunks.orEmpty().none { it is InterruptionChunk } && isSmall(response, chunks)

    /** Where a provider gives fewer alternatives than asked for because it cannot give more, a warning says so. */
    private fun hasAll(request: ChatCompletionRequest, response: ChatCompletionResponse): Boolean =
        response.choices.size >= (request.n ?: 1) || response.warnings.any { it.parameter == "n" }

    private fun isWhole(choice: Choice): Boolean {
        val parts = choice.message.parts
        if (parts.any { it is IncompleteToolCallPart || it is RefusalPart }) return false
        return when (choice.finishReason) {
            FinishReason.STOP -> toolCalls || parts.none { it is ToolCallPart }
            FinishReason.TOOL_CALLS -> toolCalls
            else -> false
        }
    }

    private fun isSmall(response: ChatCompletionResponse, chunks: List<ChatCompletionChunk>?): Boolean {
        var left = maxBytes - Weight.of(response)
        for (chunk in chunks.orEmpty()) {
            if (left < 0) return false
            if (chunk !is FinalResponseChunk) left -= Weight.of(chunk)
        }
        return left >= 0
    }
}
