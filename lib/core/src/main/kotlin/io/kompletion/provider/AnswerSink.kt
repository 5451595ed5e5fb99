package io.kompletion.provider

import io.kompletion.chat.Citation
import io.kompletion.chat.ContentPart
import io.kompletion.chat.FinishReason
import io.kompletion.chat.Usage
import kotlinx.serialization.json.JsonElement

/**
 * What codecs tell about an answer, in the order in which they read it. The same calls serve a stream and a whole
 * answer, so that both mean the same.
 *
 * [choice] is the index of the alternative, 0 unless several were asked for. Empty texts are passed over.
 */
internal interface AnswerSink {
    fun id(id: String)

    fun model(model: String)

    fun created(seconds: Long)

    fun serviceTier(tier: String)

    fun systemFingerprint(fingerprint: String)

    /**
     * What follows is a part of its own, even if it is of the same kind as the last; for protocols that say where parts
     * begin. Without it texts that follow each other are one.
     */
    fun partBegins(choice: Int)

    fun text(choice: Int, text: String, logprobs: JsonElement? = null)

    /**
     * Text that carries a signature, perhaps an empty one: a part of its own, never joined with its neighbours, because
     * the signature goes back with exactly this text.
     */
    fun signedText(choice: Int, text: String, signature: String)

    fun refusal(choice: Int, text: String)

    fun reasoning(choice: Int, text: String)

    /** The signature of the reasoning so far; replaces an earlier one. */
    fun reasoningSignature(choice: Int, signature: String)

    /**
     * A piece of a tool call. Which call it belongs to is decided by [index] where the server gives one, else by [id]:
     * a new id begins a new call, no id continues the last.
     */
    fun toolCallDelta(choice: Int, index: Int?, id: String?, name: String?, arguments: String, custom: Boolean = false)

    /** A field of the tool call that the last piece belonged to, kept for the way back. */
    fun toolCallExtra(choice: Int, name: String, value: JsonElement)

    /** The signature of the tool call that the last piece belonged to; replaces an earlier one. */
    fun toolCallSignature(choice: Int, signature: String)

    /** A piece of spoken answer; [data] is base64 of whole samples. */
    fun audio(choice: Int, id: String?, data: String?, transcript: String?, expiresAt: Long?)

    /** A part that comes whole. */
    fun part(choice: Int, part: ContentPart)

    fun citation(choice: Int, citation: Citation)

    /** Log probabilities that belong to no text. */
    fun logprobs(choice: Int, logprobs: JsonElement)

    /** A field of the message that has no place in the vocabulary; kept. Repeated arrays are joined. */
    fun messageExtra(choice: Int, name: String, value: JsonElement)

    /** The provider's word for why a choice ended, and what it means. */
    fun finish(choice: Int, reason: FinishReason, native: String)

    /** Tokens; a later figure replaces an earlier one. */
    fun usage(usage: Usage)

    /** A field of the answer that has no place in the vocabulary; kept. */
    fun extra(name: String, value: JsonElement)

    /** The protocol's marker that nothing more will come. */
    fun done()
}
