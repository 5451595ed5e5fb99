package io.kompletion.internal.call

import io.kompletion.catalog.Tokenizer
import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.ContentPart
import io.kompletion.chat.Message
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.TokenCount
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.Warning
import io.kompletion.chat.allParts

/**
 * The tokens of a chat by a tokenizer, in the frame that OpenAI puts round messages: three tokens for each, one for a
 * name, three before the answer. Tools count as the JSON they are sent as, which is a little more than what the model
 * reads. Media are not counted, which the count says.
 *
 * @see <a href="https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken">OpenAI: counting tokens</a>
 */
internal class TokenEstimate(
    private val tokenizer: Tokenizer,
    private val provider: String,
    private val model: String,
) {
    private val warnings = ArrayList<Warning>()
    private var sum = 0L
    private var isKnown = true

    /** Null when the tokenizer does not know the model. */
    fun count(request: ChatCompletionRequest): TokenCount? {
        request.messages.forEachIndexed { index, message -> message(message, "messages[$index]") }
        for (tool in request.tools.orEmpty()) {
            text(tool.name.orEmpty())
            text(tool.function?.description ?: tool.custom?.description.orEmpty())
            text(tool.function?.parameters?.toString().orEmpty())
            sum += AROUND_TOOL
        }
        request.responseSchema?.let { text(it.toString()) }
        sum += BEFORE_ANSWER
        if (!isKnown) return null
        return TokenCount(sum, provider, model, isEstimate = true, warnings)
    }

    private fun message(message: Message, place: String) {
        sum += AROUND_MESSAGE
        message.name?.let {
            text(it)
            sum += 1
        }
        text(message.role)
        parts(message.allParts, if (message is AssistantMessage) "$place.parts" else "$place.content")
    }

    private fun parts(parts: List<ContentPart>, place: String) = parts.forEachIndexed { index, part ->
        when (part) {
            is TextPart -> text(part.text)

            is RefusalPart -> text(part.refusal)

            is ToolCallPart -> {
                text(part.toolCall.name)
                text(part.toolCall.function.rawArguments)
                sum += AROUND_TOOL
            }

            // Models do not read again what they thought.
            is ReasoningPart -> Unit

            else -> warnings += Warning("$place[$index]", "dropped", "a part of type \"${part.type}\" is not counted")
        }
    }

    private fun text(text: String) {
        if (text.isEmpty() || !isKnown) return
        val count = tokenizer.count(text, model)
        if (count == null) isKnown = false else sum += count
    }

    private companion object {
        const val AROUND_MESSAGE = 3L
        const val BEFORE_ANSWER = 3L
        const val AROUND_TOOL = 8L
    }
}
