package io.kompletion.internal.stream

import io.kompletion.chat.AssistantMessage
import io.kompletion.chat.AssistantMessageDeltaChunk
import io.kompletion.chat.AssistantMessageSentenceChunk
import io.kompletion.chat.AudioPart
import io.kompletion.chat.ChatCompletionChunk
import io.kompletion.chat.ChatCompletionResponse
import io.kompletion.chat.Choice
import io.kompletion.chat.Citation
import io.kompletion.chat.CitationPart
import io.kompletion.chat.ContentPart
import io.kompletion.chat.ContentPartChunk
import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.FinishReason
import io.kompletion.chat.FinishReasonChunk
import io.kompletion.chat.Media
import io.kompletion.chat.ReasoningDeltaChunk
import io.kompletion.chat.RefusalDeltaChunk
import io.kompletion.chat.ToolCallChunk
import io.kompletion.chat.ToolCallDeltaChunk
import io.kompletion.chat.Usage
import io.kompletion.chat.UsageChunk
import io.kompletion.chat.Warning
import io.kompletion.chat.sentence.Sentence
import io.kompletion.chat.sentence.SentenceOptions
import io.kompletion.chat.sentence.SentenceSplitter
import io.kompletion.internal.wire.SizeLimits
import io.kompletion.policy.OutputFilter
import io.kompletion.provider.AnswerSink
import kotlinx.serialization.json.JsonElement

/**
 * Makes chunks and the final response out of what a codec reads; the one place where the order of a stream and the
 * meaning of an answer are decided, for every provider, streamed or not.
 *
 * Tool calls, finish reason, usage and response are held until [deliver], because some servers send text after the
 * finish reason. Not thread-safe.
 */
internal class AnswerAssembler(
    private val provider: String,
    private val requestedModel: String,
    private val emits: Boolean,
    private val sentences: SentenceOptions? = null,
    private val limits: SizeLimits = SizeLimits.DEFAULT,
    private val filter: (() -> OutputFilter?)? = null,
) : AnswerSink {
    private var chunks = ArrayList<ChatCompletionChunk>()
    private val choices = ArrayList<ChoiceDraft>(1)
    private val extra = LinkedHashMap<String, JsonElement>(0)
    private val warnings = ArrayList<Warning>(0)
    private var id = ""
    private var model = ""
    private var created: Long? = null
    private var serviceTier: String? = null
    private var systemFingerprint: String? = null
    private var usage: Usage? = null
    private var kept = 0L

    /** What was used by the parts of the answer that broke off before this one; null when nothing broke off. */
    private var before: List<Usage?>? = null

    /** Whether white space at the beginning of the text has been said already. */
    private var dropsSpace = false

    /** Whether the protocol's own end marker came. */
    var isDone: Boolean = false
        private set

    /** How many choices have said why they ended; 0 while one of those that began has not. */
    val finishedChoices: Int get() = if (choices.all { it.finish != null }) choices.size else 0

    /** Whether anything of an answer came at all. */
    val hasContent: Boolean get() = choices.isNotEmpty()

    /** Chunks since the last call, in order. */
    fun drain(): List<ChatCompletionChunk> {
        if (chunks.isEmpty()) return emptyList()
        return chunks.also { chunks = ArrayList() }
    }

    /** Counts what stays in memory until the answer is complete. */
    private fun keep(text: String?) {
        kept += text?.length ?: return
        if (kept > limits.bodyBytes) {
            throw SizeLimits.exceeded("the answer is larger than ${limits.bodyBytes} characters", "limit.body")
        }
    }

    private fun emit(chunk: ChatCompletionChunk) {
        if (emits) chunks.add(chunk)
    }

    private fun choice(index: Int): ChoiceDraft {
        if (index == 0 && choices.isNotEmpty() && choices[0].index == 0) return choices[0]
        choices.firstOrNull { it.index == index }?.let { return it }
        val draft = ChoiceDraft(index, provider)
        choices.add(choices.indexOfFirst { it.index > index }.let { if (it < 0) choices.size else it }, draft)
        return draft
    }

    override fun id(id: String) {
        if (this.id.isEmpty()) this.id = id
    }

    override fun model(model: String) {
        if (this.model.isEmpty()) this.model = model
    }

    override fun created(seconds: Long) {
        if (created == null) created = seconds
    }

    override fun serviceTier(tier: String) {
        serviceTier = tier
    }

    override fun systemFingerprint(fingerprint: String) {
        systemFingerprint = fingerprint
    }

    override fun partBegins(choice: Int) = choice(choice).also(::unfiltered).partBegins()

    override fun text(choice: Int, text: String, logprobs: JsonElement?) {
        if (logprobs != null) choice(choice).logprobs(logprobs)
        val target = choice(choice)
        val said = if (dropsSpace) text.trimStart().also { dropsSpace = it.isEmpty() } else text
        if (said.isEmpty()) return
        keep(said)
        if (filter == null) return say(target, said, logprobs)
        if (!target.isFiltered) {
            target.isFiltered = true
            target.filter = filter()
        }
        target.hasChanged = target.hasChanged || target.filter != null
        say(target, target.filter?.accept(said) ?: return say(target, said, logprobs), null)
    }

    private fun say(target: ChoiceDraft, text: String, logprobs: JsonElement?) {
        if (text.isEmpty()) return
        target.text(text)
        if (sentences == null || !emits) return emit(AssistantMessageDeltaChunk(text, target.index, logprobs))
        val splitter = target.splitter ?: SentenceSplitter(sentences).also { target.splitter = it }
        splitter.push(text).forEach { speak(it, target.index) }
    }

    /** Lets out what a filter holds of a text that has ended; what follows is a text of its own. */
    private fun unfiltered(target: ChoiceDraft) {
        if (!target.isFiltered) return
        target.isFiltered = false
        target.filter?.let { say(target, it.end(), null) }
        target.filter = null
    }

    override fun signedText(choice: Int, text: String, signature: String) {
        val target = choice(choice)
        unfiltered(target)
        target.partBegins()
        text(choice, text, null)
        unfiltered(target)
        target.sign(signature)
    }

    /** Hands out what the splitter holds of a text that has ended: text stands before what follows it. */
    private fun flush(choice: ChoiceDraft) {
        unfiltered(choice)
        choice.splitter?.flush()?.forEach { speak(it, choice.index) }
    }

    /** The answer pauses: hands out the sentences that no ordinary next word would change. */
    fun idle() {
        for (choice in choices) choice.splitter?.idle()?.forEach { speak(it, choice.index) }
    }

    private fun speak(sentence: Sentence, choice: Int) {
        if (!sentence.isSilent) emit(AssistantMessageSentenceChunk(sentence.text, choice))
    }

    override fun refusal(choice: Int, text: String) {
        if (text.isEmpty()) return
        keep(text)
        choice(choice).also(::flush).refusal(text)
        emit(RefusalDeltaChunk(text, choice))
    }

    override fun reasoning(choice: Int, text: String) {
        if (text.isEmpty()) return
        keep(text)
        choice(choice).also(::flush).reasoning(text)
        emit(ReasoningDeltaChunk(text, choice))
    }

    override fun reasoningSignature(choice: Int, signature: String) = choice(choice).signature(signature)

    override fun toolCallDelta(
        choice: Int,
        index: Int?,
        id: String?,
        name: String?,
        arguments: String,
        custom: Boolean,
    ) {
        keep(arguments)
        val tools = choice(choice).also(::flush).also { it.toolCall(index, id, name, arguments, custom) }.tools
        val draft = tools.lastDraft() ?: return
        if (tools.broughtId == null && tools.broughtName == null && arguments.isEmpty()) return
        emit(ToolCallDeltaChunk(draft.position, tools.broughtId, tools.broughtName, arguments, choice))
    }

    override fun toolCallExtra(choice: Int, name: String, value: JsonElement) {
        val draft = choice(choice).tools.lastDraft() ?: return
        val fields = draft.extra ?: LinkedHashMap<String, JsonElement>().also { draft.extra = it }
        fields[name] = value
    }

    override fun toolCallSignature(choice: Int, signature: String) {
        choice(choice).tools.lastDraft()?.signature = signature
    }

    override fun audio(choice: Int, id: String?, data: String?, transcript: String?, expiresAt: Long?) {
        keep(data)
        keep(transcript)
        choice(choice).audio(id, data, transcript, expiresAt)
        if (!data.isNullOrEmpty() || !transcript.isNullOrEmpty()) {
            val piece =
                AudioPart(Media(null, data = data.orEmpty()), transcript = transcript, id = id, expiresAt = expiresAt)
            emit(ContentPartChunk(piece, choice))
        }
    }

    override fun part(choice: Int, part: ContentPart) {
        choice(choice).also(::flush).whole(part)
        emit(ContentPartChunk(part, choice))
    }

    override fun citation(choice: Int, citation: Citation) {
        choice(choice).citation(citation)
        emit(ContentPartChunk(CitationPart(citation), choice))
    }

    override fun logprobs(choice: Int, logprobs: JsonElement) = choice(choice).logprobs(logprobs)

    override fun messageExtra(choice: Int, name: String, value: JsonElement) = choice(choice).extra(name, value)

    override fun finish(choice: Int, reason: FinishReason, native: String) {
        val target = choice(choice)
        target.finish = reason
        target.nativeFinish = native
    }

    override fun usage(usage: Usage) {
        this.usage = usage
    }

    override fun extra(name: String, value: JsonElement) {
        extra[name] = value
    }

    override fun done() {
        isDone = true
    }

    /** Ends the answer: held text comes out, and the whole is there. */
    fun complete(): ChatCompletionResponse {
        if (choices.isEmpty()) choice(0)
        choices.forEach(::flush)
        return response(choices.map { build(it, ended = true) })
    }

    /** Hands out what was held until the end of the answer, which is [answer] by now; the response is the last. */
    fun deliver(answer: ChatCompletionResponse) {
        for (choice in answer.choices) choice.message.toolCalls.forEach { emit(ToolCallChunk(it, choice.index)) }
        for (choice in answer.choices) {
            emit(
                FinishReasonChunk(choice.finishReason ?: FinishReason.STOP, choice.nativeFinishReason, choice.index),
            )
        }
        answer.usage?.let { emit(UsageChunk(it)) }
        emit(FinalResponseChunk(answer))
    }

    /** The text that has come, when there is nothing else and it may be gone on from; null otherwise. */
    fun plainText(): String? {
        val draft = choices.singleOrNull()?.takeIf { it.index == 0 && it.finish == null } ?: return null
        return draft.plainText()?.takeIf { it.isNotBlank() }
    }

    /**
     * An assembler for the rest of this answer, which broke off: what it makes is one answer with what was made here.
     *
     * @param dropsSpace whether the text ended in white space that the model was not shown, and will say again
     */
    fun resumed(provider: String, model: String, dropsSpace: Boolean): AnswerAssembler {
        val rest = AnswerAssembler(provider, model, emits, sentences, limits, filter)
        for (choice in choices) rest.choices += choice.copyOf(provider).also { it.splitter = splitterOf(choice) }
        rest.kept = kept
        rest.before = before.orEmpty() + usage
        rest.dropsSpace = dropsSpace
        return rest
    }

    /** One that has spoken the sentences of [choice] that were spoken. */
    private fun splitterOf(choice: ChoiceDraft): SentenceSplitter? = when {
        sentences == null || choice.splitter == null -> null

        // What it let out in pauses can be seen in it alone.
        sentences.idleFlush != null -> choice.splitter

        else -> SentenceSplitter(sentences).also { it.push(choice.plainText().orEmpty()) }
    }

    /** Known only when every part of the answer is counted. */
    private fun wholeUsage(): Usage? {
        val earlier = before ?: return usage
        return earlier.fold(usage) { sum, part -> if (sum == null || part == null) null else part + sum }
    }

    /** What has come so far, with no finish reason; null when that is nothing. */
    fun partial(): ChatCompletionResponse? =
        if (choices.isEmpty()) null else response(choices.map { build(it, ended = false) })

    private fun response(built: List<Choice>) = ChatCompletionResponse(
        id = id,
        provider = provider,
        model = model.ifEmpty { requestedModel },
        choices = built,
        created = created,
        usage = wholeUsage(),
        warnings = warnings.toList(),
        serviceTier = serviceTier,
        systemFingerprint = systemFingerprint,
        extra = extra.toMap(),
    )

    private fun build(draft: ChoiceDraft, ended: Boolean): Choice {
        val parts = draft.parts { "call_${id.takeLast(ID_CHARS)}_${draft.index}_${it.position}" }
        val message = AssistantMessage(
            parts = parts,
            provider = provider,
            model = model.ifEmpty { requestedModel },
            extra = draft.extra.toMap(),
        )
        if (ended) reportTools(draft)
        if (ended && draft.hasChanged && draft.joinedLogprobs() != null) {
            val why = "they have the text as it was before an interceptor looked at it"
            warnings += Warning("choices[${draft.index}].logprobs", "dropped", why)
        }
        return Choice(
            index = draft.index,
            message = message,
            finishReason = if (ended) meaning(draft, message) else null,
            nativeFinishReason = draft.nativeFinish,
            logprobs = if (draft.hasChanged) null else draft.joinedLogprobs(),
        )
    }

    /** Calls in the answer outweigh the server's word: many say `stop` all the same. */
    private fun meaning(draft: ChoiceDraft, message: AssistantMessage): FinishReason {
        val said = draft.finish
        val calls = message.toolCalls.isNotEmpty()
        return when {
            calls && (said == null || said in OUTWEIGHED) -> FinishReason.TOOL_CALLS
            else -> said ?: FinishReason.STOP
        }
    }

    private fun reportTools(draft: ChoiceDraft) {
        for (call in draft.tools.drafts) {
            val place = "choices[${draft.index}].tool_calls[${call.position}]"
            if (!call.isReal) {
                warnings += Warning(place, "dropped", "the provider began a tool call and never named a tool")
            } else if (!call.isComplete) {
                val cut = draft.finish == FinishReason.LENGTH
                val why = if (cut) "was cut off by the token limit" else "has arguments that are no JSON object"
                val where = "it is an IncompleteToolCallPart of the message"
                warnings += Warning(place, "dropped", "the call of \"${call.name}\" $why; $where")
            }
        }
    }

    private companion object {
        const val ID_CHARS = 8
        val OUTWEIGHED = setOf(FinishReason.STOP, FinishReason.OTHER)
    }
}
