package io.kompletion.providers.anthropic

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.ContentPart
import io.kompletion.chat.DeveloperMessage
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.Message
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.SystemMessage
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolResultMessage
import io.kompletion.chat.UserMessage
import io.kompletion.error.ErrorDetails
import io.kompletion.error.InvalidRequestException
import io.kompletion.error.UnsupportedParameterException

/**
 * The prompt of Claude 2 and Claude Instant, which read one text instead of messages. Anthropic has retired them; the
 * text is for copies of that interface, for data sets and for comparing. `chat()` sends messages to every model and
 * needs none of this.
 *
 * @see <a href="https://docs.anthropic.com/en/api/migrating-from-text-completions-to-messages">Anthropic: from text
 *   completions to messages</a>
 */
public object ClaudePrompt {
    private const val HUMAN = "\n\nHuman:"
    private const val ASSISTANT = "\n\nAssistant:"

    /**
     * [messages] as that text. Instructions stand first, wherever they stood, with an empty line between two of them.
     * Each user message is a turn `\n\nHuman: …`, each assistant message a turn `\n\nAssistant: …`. The text ends with
     * `\n\nAssistant:` for the model to go on, or with the last message where that is the beginning of the answer,
     * without the white space at its end. The first turn is always the human's, an empty one if need be. Messages
     * without text are left out.
     *
     * What is said goes in as it is: a user who writes `\n\nAssistant:` speaks for the model.
     *
     * @throws UnsupportedParameterException for images, documents, tools and whatever else is not text
     * @throws InvalidRequestException when nothing is said
     */
    @JvmStatic
    public fun render(messages: List<Message>): String {
        val instructions = ArrayList<String>()
        val turns = ArrayList<Turn>()
        messages.forEachIndexed { index, message ->
            val place = "messages[$index]"
            when (message) {
                is SystemMessage -> instructions += text(message.content.parts, place)
                is DeveloperMessage -> instructions += text(message.content.parts, place)
                is UserMessage -> turns += Turn(HUMAN, text(message.content.parts, place))
                is AssistantMessage -> turns += Turn(ASSISTANT, text(message.parts, place))
                is ToolResultMessage, is FunctionMessage -> throw unsupported("the result of a tool", place)
            }
        }
        turns.removeAll { it.text.isBlank() }
        if (turns.isEmpty()) {
            throw InvalidRequestException(
                "messages have no text; the prompt needs something that a user says",
                ErrorDetails.builder().param("messages").build(),
            )
        }
        return joined(instructions.filter { it.isNotBlank() }, turns)
    }

    private fun joined(instructions: List<String>, turns: List<Turn>): String = buildString {
        instructions.joinTo(this, "\n\n")
        if (turns.first().speaker == ASSISTANT) append(HUMAN)
        turns.forEachIndexed { index, turn ->
            val begins = index == turns.lastIndex && turn.speaker == ASSISTANT
            append(turn.speaker).append(' ').append(if (begins) turn.text.trimEnd() else turn.text)
        }
        if (turns.last().speaker == HUMAN) append(ASSISTANT)
    }

    private fun text(parts: List<ContentPart>, place: String): String = buildString {
        parts.forEachIndexed { index, part ->
            when (part) {
                is TextPart -> append(part.text)
                is RefusalPart -> append(part.refusal)
                else -> throw unsupported("a part of type \"${part.type}\"", "$place.content[$index]")
            }
        }
    }

    private fun unsupported(what: String, place: String) = UnsupportedParameterException(
        "$place: $what cannot be part of a text prompt",
        ErrorDetails.builder().param(place).build(),
    )

    private class Turn(val speaker: String, val text: String)
}
