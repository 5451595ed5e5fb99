package io.kompletion.providers.openai

import io.kompletion.internal.wire.JsonCursor
import io.kompletion.provider.AnswerSink

/**
 * Reads the chunk that nearly every event of a stream is, one piece of text or reasoning of one choice, straight from its
 * bytes; [OpenAiAnswerReader] reads all others, and everything that this reader does not recognise to the last key. It
 * tells [out] nothing before it has seen the whole event.
 *
 * Held equal to the general reader over every recorded stream.
 */
internal class OpenAiDeltaReader(private val out: AnswerSink) {
    private val json = JsonCursor()

    /** What the general reader has told of the head; a chunk that would tell more is not for this reader. */
    var knowsId = false
    var knowsModel = false
    var knowsCreated = false
    private var tier = NOTHING
    private var fingerprint = NOTHING

    private var choice = 0
    private val text = Piece()
    private val reasoning = Piece()
    private val otherReasoning = Piece()

    /** Where a string stands that may be wanted. */
    private class Piece {
        var start = 0
        var end = 0
        var isPlain = true
        var isSet = false

        val isEmpty: Boolean get() = start == end

        fun clear() {
            start = 0
            end = 0
            isSet = false
        }
    }

    /** Whether the event was such a chunk and is done with. */
    fun accept(data: ByteArray, start: Int, end: Int): Boolean {
        json.reset(data, start, end)
        choice = 0
        text.clear()
        reasoning.clear()
        otherReasoning.clear()
        if (!chunk() || json.failed || !json.atEnd()) return false
        val thought = if (reasoning.isEmpty) otherReasoning else reasoning
        val thinking = make(thought) ?: return false
        val said = make(text) ?: return false
        if (thinking.isNotEmpty()) out.reasoning(choice, thinking)
        if (said.isNotEmpty()) out.text(choice, said)
        return true
    }

    private fun make(piece: Piece): String? =
        if (piece.isEmpty) "" else json.text(piece.start, piece.end, piece.isPlain)

    private fun chunk(): Boolean {
        var hasChoices = false
        if (!json.expect('{')) return false
        do {
            if (!json.key()) return false
            val known = when (json.keyLength) {
                2 -> json.keyIs("id") && head(knowsId)

                5 -> json.keyIs("model") && head(knowsModel)

                6 -> json.keyIs("object") && json.skipScalar()

                7 -> when {
                    json.keyIs("choices") -> !hasChoices && choices().also { hasChoices = true }
                    json.keyIs("created") -> knowsCreated && json.skipScalar()
                    else -> json.takeNull()
                }

                11 -> if (json.keyIs("obfuscation")) json.takeNull() || json.skipScalar() else json.takeNull()

                12 -> if (json.keyIs("service_tier")) tier() else json.takeNull()

                18 -> if (json.keyIs("system_fingerprint")) fingerprint() else json.takeNull()

                else -> json.takeNull()
            }
            if (!known) return false
        } while (json.take(','))
        return json.expect('}') && hasChoices
    }

    private fun head(isKnown: Boolean): Boolean = isKnown && (json.takeNull() || json.string())

    private fun tier(): Boolean {
        if (json.takeNull()) return true
        if (!json.string()) return false
        if (json.textIs(tier)) return true
        tier = json.textBytes()
        return false
    }

    private fun fingerprint(): Boolean {
        if (json.takeNull()) return true
        if (!json.string()) return false
        if (json.textIs(fingerprint)) return true
        fingerprint = json.textBytes()
        return false
    }

    private fun choices(): Boolean {
        if (!json.expect('[') || !json.expect('{')) return false
        var hasDelta = false
        do {
            if (!json.key()) return false
            val known = when (json.keyLength) {
                5 -> when {
                    json.keyIs("index") -> json.smallNumber().also { choice = it } in 0..MOST_CHOICES
                    json.keyIs("delta") -> !hasDelta && delta().also { hasDelta = true }
                    else -> json.takeNull()
                }

                else -> json.takeNull()
            }
            if (!known) return false
        } while (json.take(','))
        return json.expect('}') && json.expect(']') && hasDelta
    }

    private fun delta(): Boolean {
        if (!json.expect('{')) return false
        if (json.take('}')) return true
        do {
            if (!json.key()) return false
            val known = when (json.keyLength) {
                4 -> if (json.keyIs("role")) json.takeNull() || json.string() else json.takeNull()
                7 -> if (json.keyIs("content")) piece(text) else json.takeNull()
                9 -> if (json.keyIs("reasoning")) piece(otherReasoning) else json.takeNull()
                17 -> if (json.keyIs("reasoning_content")) piece(reasoning) else json.takeNull()
                else -> json.takeNull()
            }
            if (!known) return false
        } while (json.take(','))
        return json.expect('}')
    }

    private fun piece(piece: Piece): Boolean {
        if (piece.isSet) return false
        if (json.takeNull()) return true
        if (!json.string()) return false
        piece.start = json.textStart
        piece.end = json.textEnd
        piece.isPlain = json.isPlainText
        piece.isSet = true
        return true
    }

    private companion object {
        val NOTHING = ByteArray(0)
        const val MOST_CHOICES = 1023
    }
}
