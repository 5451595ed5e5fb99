package io.kompletion.internal.stream

import io.kompletion.chat.AudioPart
import io.kompletion.chat.Citation
import io.kompletion.chat.CitationPart
import io.kompletion.chat.ContentPart
import io.kompletion.chat.FinishReason
import io.kompletion.chat.IncompleteToolCallPart
import io.kompletion.chat.Media
import io.kompletion.chat.ReasoningPart
import io.kompletion.chat.RefusalPart
import io.kompletion.chat.TextPart
import io.kompletion.chat.ToolCallPart
import io.kompletion.chat.sentence.SentenceSplitter
import io.kompletion.policy.OutputFilter
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** One alternative of an answer while it is still coming: its parts in the order in which they began. */
internal class ChoiceDraft(val index: Int, private val provider: String) {
    private sealed interface Draft {
        class Text(val text: StringBuilder = StringBuilder()) : Draft {
            val citations = ArrayList<Citation>(0)
            var signature: String? = null
        }

        class Reasoning(val text: StringBuilder = StringBuilder()) : Draft {
            var signature: String? = null
        }

        class Refusal(val text: StringBuilder = StringBuilder()) : Draft

        class Audio : Draft {
            var id: String? = null
            var expiresAt: Long? = null
            val data = StringBuilder()
            val transcript = StringBuilder()
        }

        class Call(val draft: ToolCallDraft) : Draft

        class Whole(val part: ContentPart) : Draft
    }

    private val drafts = ArrayList<Draft>(2)
    val tools = ToolCallAssembly()
    val extra = LinkedHashMap<String, JsonElement>(0)
    private val logprobs = ArrayList<JsonElement>(0)

    /** Cuts the text of this choice into sentences, when that was asked for. */
    var splitter: SentenceSplitter? = null

    /** Decides what of the running text goes on; null when nothing does, or when [isFiltered] is false. */
    var filter: OutputFilter? = null

    /** Whether some of the text went through a filter, so that what else tells of the text must not. */
    var hasChanged = false

    /** Whether [filter] was asked for, for the running text. */
    var isFiltered = false
    var finish: FinishReason? = null
    var nativeFinish: String? = null

    /** Whether the next piece begins a part, whatever the last one was. */
    private var isFresh = false

    fun partBegins() {
        isFresh = true
    }

    /** All of it, when it is text without signatures and citations; null otherwise. */
    fun plainText(): String? {
        val texts = drafts.map { it as? Draft.Text ?: return null }
        if (tools.drafts.isNotEmpty() || texts.any { it.signature != null || it.citations.isNotEmpty() }) return null
        return texts.joinToString("") { it.text }
    }

    /** A draft of the same text that another provider goes on with, which does not change this one. */
    fun copyOf(provider: String): ChoiceDraft {
        val copy = ChoiceDraft(index, provider)
        for (draft in drafts) if (draft is Draft.Text) copy.drafts += Draft.Text(StringBuilder(draft.text))
        copy.logprobs += logprobs
        copy.hasChanged = hasChanged
        return copy
    }

    /** The part that is being written, when it is one that goes on. */
    private fun current(): Draft? = if (isFresh) null else drafts.lastOrNull()

    private fun <D : Draft> begun(draft: D): D {
        drafts += draft
        isFresh = false
        return draft
    }

    fun text(text: String) {
        val current = current() as? Draft.Text ?: begun(Draft.Text())
        current.text.append(text)
    }

    /** Signs the text that has just begun, or an empty one, and ends it. */
    fun sign(signature: String) {
        val signed = current() as? Draft.Text ?: begun(Draft.Text())
        signed.signature = signature
        isFresh = true
    }

    fun reasoning(text: String) {
        reasoningDraft().text.append(text)
    }

    fun signature(signature: String) {
        reasoningDraft().signature = signature
    }

    private fun reasoningDraft() = current() as? Draft.Reasoning ?: begun(Draft.Reasoning())

    fun refusal(text: String) {
        val current = current() as? Draft.Refusal ?: begun(Draft.Refusal())
        current.text.append(text)
    }

    fun audio(id: String?, data: String?, transcript: String?, expiresAt: Long?) {
        val current = drafts.firstNotNullOfOrNull { it as? Draft.Audio } ?: Draft.Audio().also { drafts += it }
        current.id = id ?: current.id
        current.expiresAt = expiresAt ?: current.expiresAt
        data?.let(current.data::append)
        transcript?.let(current.transcript::append)
    }

    fun toolCall(index: Int?, id: String?, name: String?, arguments: String, custom: Boolean) {
        val known = tools.drafts.size
        val draft = tools.accept(index, id, name, arguments, custom)
        if (tools.drafts.size > known) begun(Draft.Call(draft))
    }

    fun whole(part: ContentPart) {
        begun(Draft.Whole(part))
    }

    /** Belongs to the last text; a text that has just begun may name its sources before its first word. */
    fun citation(citation: Citation) {
        val text = if (isFresh) begun(Draft.Text()) else drafts.lastOrNull { it is Draft.Text } as? Draft.Text
        if (text == null) drafts += Draft.Whole(CitationPart(citation)) else text.citations += citation
    }

    fun logprobs(value: JsonElement) {
        logprobs += value
    }

    /** The last word counts, but an empty object says nothing: Azure ends a stream with one. */
    fun extra(name: String, value: JsonElement) {
        val before = extra[name]
        if (before != null && value is JsonObject && value.isEmpty()) return
        extra[name] = if (before is JsonArray && value is JsonArray) JsonArray(before + value) else value
    }

    fun parts(callId: (ToolCallDraft) -> String): List<ContentPart> = drafts.mapNotNull { draft ->
        when (draft) {
            is Draft.Text -> TextPart(
                draft.text.toString(),
                thoughtSignature = draft.signature,
                citations = draft.citations.toList(),
            )

            is Draft.Reasoning -> ReasoningPart(draft.text.toString(), draft.signature, provider)

            is Draft.Refusal -> RefusalPart(draft.text.toString())

            is Draft.Audio -> audioPart(draft)

            is Draft.Whole -> draft.part

            is Draft.Call -> call(draft.draft, callId)
        }
    }

    private fun call(draft: ToolCallDraft, callId: (ToolCallDraft) -> String): ContentPart? = when {
        !draft.isReal -> null
        draft.isComplete -> ToolCallPart(draft.toToolCall(callId(draft)))
        else -> IncompleteToolCallPart(draft.toToolCall(callId(draft)))
    }

    private fun audioPart(draft: Draft.Audio) = AudioPart(
        media = Media(null, data = draft.data.toString()),
        transcript = draft.transcript.toString().ifEmpty { null },
        id = draft.id,
        expiresAt = draft.expiresAt,
    )

    /** The pieces' log probabilities as one object of the shape the provider gives for a whole answer. */
    fun joinedLogprobs(): JsonElement? {
        if (logprobs.size <= 1) return logprobs.firstOrNull()
        val joined = LinkedHashMap<String, JsonElement>()
        for (piece in logprobs) {
            for ((name, value) in piece as? JsonObject ?: return JsonArray(logprobs)) {
                val before = joined[name]
                joined[name] =
                    if (before is JsonArray &&
                        value is JsonArray
                    ) {
                        JsonArray(before + value)
                    } else {
                        before as? JsonArray ?: value
                    }
            }
        }
        return JsonObject(joined)
    }
}
