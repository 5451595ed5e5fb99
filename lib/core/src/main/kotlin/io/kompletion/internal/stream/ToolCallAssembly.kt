package io.kompletion.internal.stream

import io.kompletion.chat.FunctionCall
import io.kompletion.chat.ToolCall
import io.kompletion.internal.wire.StrictJson
import kotlinx.serialization.json.JsonElement

/** A tool call that is still coming. */
internal class ToolCallDraft(val position: Int, val wireIndex: Int?) {
    var id: String = ""
    var name: String = ""
    var custom: Boolean = false
    var signature: String? = null
    var extra: MutableMap<String, JsonElement>? = null
    val arguments = StringBuilder()

    /** Whether the model has begun it in earnest; some servers send empty shells. */
    val isReal: Boolean get() = name.isNotEmpty()

    val isComplete: Boolean get() = custom || arguments.isBlank() || StrictJson.isObject(arguments.toString())

    fun toToolCall(fallbackId: String): ToolCall = ToolCall(
        id = id.ifEmpty { fallbackId },
        function = FunctionCall(name, if (arguments.isBlank() && !custom) "{}" else arguments.toString()),
        type = if (custom) ToolCall.CUSTOM else ToolCall.FUNCTION,
        index = position,
        thoughtSignature = signature,
        extra = extra.orEmpty(),
    )
}

/**
 * Puts pieces of tool calls together, for servers with and without indexes and ids.
 *
 * An index names the call, unless another id than the call's own comes with it: some servers number every call 0.
 * Without an index a new id begins a call, and no id continues the last one. A call is never taken for complete because
 * its arguments happen to parse so far.
 */
internal class ToolCallAssembly {
    val drafts = ArrayList<ToolCallDraft>()
    private var last: ToolCallDraft? = null

    /** The id that the last piece gave to its call; null when the call had one or the piece has none. */
    var broughtId: String? = null
        private set

    /** The same for the name. */
    var broughtName: String? = null
        private set

    fun accept(index: Int?, id: String?, name: String?, arguments: String, custom: Boolean): ToolCallDraft {
        val draft = find(index, id, name) ?: ToolCallDraft(drafts.size, index).also { drafts += it }
        broughtId = id?.takeIf { it.isNotEmpty() && draft.id.isEmpty() }?.also { draft.id = it }
        broughtName = name?.takeIf { it.isNotEmpty() && draft.name.isEmpty() }?.also { draft.name = it }
        draft.custom = draft.custom || custom
        draft.arguments.append(arguments)
        last = draft
        return draft
    }

    fun lastDraft(): ToolCallDraft? = last

    private fun find(index: Int?, id: String?, name: String?): ToolCallDraft? {
        if (index != null) {
            val numbered = drafts.lastOrNull { it.wireIndex == index } ?: return null
            return numbered.takeIf { id.isNullOrEmpty() || it.id.isEmpty() || it.id == id }
        }
        if (!id.isNullOrEmpty()) return drafts.lastOrNull { it.id == id }
        val current = last ?: return null
        val begins = !name.isNullOrEmpty() && current.isReal && current.name != name
        return current.takeUnless { begins }
    }
}
