package io.kompletion.internal.call

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.FunctionMessage
import io.kompletion.chat.Message
import io.kompletion.chat.ToolResultMessage
import io.kompletion.internal.call.RequestChecks.fail
import io.kompletion.internal.call.RequestChecks.shown

/** Every tool result belongs to a call before it, and every call has its result before the next turn. */
internal object ToolHistoryChecks {
    fun check(messages: List<Message>, where: String) {
        val open = LinkedHashMap<String, Int>()
        messages.forEachIndexed { index, message ->
            when (message) {
                is ToolResultMessage -> answer(message, index, open, where)

                is FunctionMessage -> Unit

                else -> {
                    unanswered(open, where)
                    if (message is AssistantMessage) calls(message, index, open, where)
                }
            }
        }
        unanswered(open, where)
    }

    private fun answer(message: ToolResultMessage, index: Int, open: MutableMap<String, Int>, where: String) {
        if (open.remove(message.toolCallId) != null) return
        fail(
            "$where[$index].tool_call_id",
            "$where[$index].tool_call_id \"${shown(
                message.toolCallId,
            )}\" matches no open tool call before it; open: ${open.keys}",
        )
    }

    private fun calls(message: AssistantMessage, index: Int, open: MutableMap<String, Int>, where: String) {
        message.toolCalls.forEachIndexed { position, call ->
            val place = "$where[$index].tool_calls[$position].id"
            if (call.id.isEmpty()) fail(place, "$place is empty; its result could not be matched")
            if (open.put(call.id, index) != null) fail(place, "$place repeats \"${shown(call.id)}\"")
        }
    }

    private fun unanswered(open: Map<String, Int>, where: String) {
        val (id, index) = open.entries.firstOrNull() ?: return
        fail(
            "$where[$index]",
            "$where[$index] calls a tool with id \"${shown(id)}\" that has no result; add a ToolResultMessage after it",
        )
    }
}
