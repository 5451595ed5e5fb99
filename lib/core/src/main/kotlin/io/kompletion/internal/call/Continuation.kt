package io.kompletion.internal.call

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.TextPart
import io.kompletion.chat.Warning
import io.kompletion.internal.stream.AnswerAssembler
import io.kompletion.provider.Target

/**
 * The beginning of an answer that broke off: its text, and the assembler that has made chunks of it.
 *
 * @property text what has come, not blank
 */
internal class Beginning(val text: String, val assembler: AnswerAssembler)

/**
 * Goes on with an answer that broke off: the model is given what it has said as the beginning of its turn.
 *
 * No space may stand at the end of such a beginning; models then begin with it, so that it is taken away there.
 */
internal class Continuation(target: Target, val beginning: Beginning) {
    private val prefill = beginning.text.trimEnd()

    val target: Target = target.sending(
        target.request.copy(messages = target.request.messages + AssistantMessage(listOf(TextPart(prefill)))),
        listOf(Warning("messages", "note", "the answer broke off and was continued by this model")),
    )

    /** An assembler for one try, which knows the beginning. */
    fun resumes(): AnswerAssembler =
        beginning.assembler.resumed(target.providerId, target.model, prefill.length < beginning.text.length)
}
