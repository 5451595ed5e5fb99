package io.kompletion.testkit

import io.kompletion.testkit.internal.FakeAnswer
import io.kompletion.testkit.internal.FakeChoice
import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.FakePart
import io.kompletion.testkit.internal.Pacing
import io.kompletion.testkit.internal.pieces
import io.kompletion.testkit.internal.words
import io.kompletion.testkit.server.Gate
import io.kompletion.testkit.server.LoopbackReply
import java.time.Duration

/**
 * What a fake provider answers, said in the terms of the conversation; the fake puts it on its wire, as a stream when
 * the request asked for one and as a whole answer otherwise. Immutable: every function gives a new reply.
 *
 * ```
 * FakeReply.text("Hello there")
 * FakeReply.reasoning("Two cities, two calls.").thenToolCall("weather", """{"city":"Rome"}""")
 * FakeReply.text("Hello there").holdAfter(1, gate)
 * FakeReply.error(429).header("retry-after", "2")
 * ```
 *
 * An event's index counts what the stream sends as one event, from 0; on OpenAI's wire event 0 is the chunk with the
 * role, on Google's the first text ([FakeChatProvider.openingEvents]). In a whole answer every hold keeps the body back after the head, and a cut or a reset comes in the middle of
 * the body.
 */
public class FakeReply private constructor(internal val answer: FakeAnswer, internal val pacing: Pacing) {
    /** The same message going on with [text], one event a word. */
    public fun thenText(text: String): FakeReply = then(FakePart.Text(words(text)))

    /** The same message going on with a call of the tool [name]; without [id] the fake makes one up. */
    @JvmOverloads
    public fun thenToolCall(name: String, argumentsJson: String, id: String? = null): FakeReply =
        then(toolCallPart(name, argumentsJson, id))

    /** The same message going on with a refusal. */
    public fun thenRefusal(text: String): FakeReply = then(FakePart.Refusal(words(text)))

    /** Reports these figures instead of estimated ones. */
    public fun usage(usage: FakeUsage): FakeReply = message { it.copy(usage = usage) }

    /** Says this raw finish reason of the wire (`length`, `content_filter`, …) instead of the fitting one. */
    public fun finishReason(reason: String): FakeReply =
        message { message -> message.copy(choices = message.choices.map { it.copy(finishReason = reason) }) }

    /** Names this model in the answer instead of the one that was asked. */
    public fun model(name: String): FakeReply = message { it.copy(model = name) }

    /** Adds a response header, in place of one of the fake's own of the same name. */
    public fun header(name: String, value: String): FakeReply = paced { copy(headers = headers + (name to value)) }

    /** Waits for [duration] before the head of the answer. */
    public fun delay(duration: Duration): FakeReply = paced { copy(headDelay = duration) }

    /** Waits for [duration] between two events. */
    public fun delayBetweenEvents(duration: Duration): FakeReply = paced { copy(eventDelay = duration) }

    /** Waits at [gate] before the head of the answer. */
    public fun holdBeforeHead(gate: Gate): FakeReply = paced { copy(headGate = gate) }

    /** Waits at [gate] after event [eventIndex] was sent. */
    public fun holdAfter(eventIndex: Int, gate: Gate): FakeReply = paced { copy(holds = holds + (eventIndex to gate)) }

    /** Closes the connection in order after event [eventIndex], without the end of the body. */
    public fun cutAfter(eventIndex: Int): FakeReply = paced { copy(cutAfter = eventIndex) }

    /** Resets the connection after event [eventIndex]. */
    public fun resetAfter(eventIndex: Int): FakeReply = paced { copy(resetAfter = eventIndex) }

    /**
     * Reports an error inside the stream after event [eventIndex] and ends the body in order; a whole answer becomes
     * that error with status 500.
     */
    @JvmOverloads
    public fun failAfter(eventIndex: Int, message: String, type: String? = null, code: String? = null): FakeReply =
        paced { copy(failAfter = eventIndex to FakeFailure(500, message, type, code, null)) }

    /** Writes every event in HTTP chunks of at most [bytes] bytes. */
    public fun splitEvery(bytes: Int): FakeReply {
        require(bytes >= 1) { "Chunks of $bytes bytes hold nothing; at least 1" }
        return paced { copy(chunkBytes = bytes) }
    }

    override fun toString(): String = "FakeReply(${answer::class.simpleName})"

    private fun then(part: FakePart): FakeReply = message { message ->
        val last = message.choices.last()
        message.copy(choices = message.choices.dropLast(1) + last.copy(parts = last.parts + part))
    }

    private fun message(change: (FakeAnswer.Message) -> FakeAnswer.Message): FakeReply {
        check(answer is FakeAnswer.Message) { "This reply is no message of the model, so it has no content to change" }
        return FakeReply(change(answer), pacing)
    }

    private fun paced(change: Pacing.() -> Pacing): FakeReply {
        check(answer !is FakeAnswer.Raw) { "A raw reply has its pauses, headers and cuts in its steps" }
        return FakeReply(answer, pacing.change())
    }

    public companion object {
        /** A message of [text], one event a word. */
        @JvmStatic
        public fun text(text: String): FakeReply = of(FakePart.Text(words(text)))

        /** A message of [text] in [deltas] events of about the same length. */
        @JvmStatic
        public fun text(text: String, deltas: Int): FakeReply {
            require(deltas >= 1) { "A text in $deltas deltas is no text; at least 1" }
            return of(FakePart.Text(pieces(text, (text.codePointCount(0, text.length) + deltas - 1) / deltas)))
        }

        /** A message whose text comes in exactly these [deltas]. */
        @JvmStatic
        public fun textDeltas(vararg deltas: String): FakeReply = of(FakePart.Text(deltas.toList()))

        /** A call of the tool [name]; [argumentsJson] is sent as it is, in several events. */
        @JvmStatic
        @JvmOverloads
        public fun toolCall(name: String, argumentsJson: String, id: String? = null): FakeReply =
            of(toolCallPart(name, argumentsJson, id))

        /**
         * A message that is [json], as structured output gives it. It is not checked: a broken one may be the point.
         */
        @JvmStatic
        public fun structured(json: String): FakeReply = of(FakePart.Text(pieces(json, JSON_PIECE)))

        /** Reasoning [text] before the answer proper, on wires that show it. */
        @JvmStatic
        public fun reasoning(text: String): FakeReply = of(FakePart.Reasoning(words(text)))

        /** The model's refusal to answer. */
        @JvmStatic
        public fun refusal(text: String): FakeReply = of(FakePart.Refusal(words(text)))

        /** Several choices, each the message of one of [replies]; usage, headers and pauses are set on the result. */
        @JvmStatic
        public fun choices(vararg replies: FakeReply): FakeReply {
            require(replies.isNotEmpty()) { "An answer needs at least one choice" }
            val choices = replies.flatMap { reply ->
                val message = reply.answer as? FakeAnswer.Message
                requireNotNull(message) { "A choice must be a message of the model" }.choices
            }
            return FakeReply(FakeAnswer.Message(choices), Pacing())
        }

        /**
         * An error in the provider's own envelope. What is left out takes the value the provider uses with [status].
         *
         * @param param the parameter at fault, on wires that name it
         */
        @JvmStatic
        @JvmOverloads
        public fun error(
            status: Int,
            message: String? = null,
            type: String? = null,
            code: String? = null,
            param: String? = null,
        ): FakeReply = FakeReply(FakeAnswer.Failure(FakeFailure(status, message, type, code, param)), Pacing())

        /** Any [status] with any [body], such as a proxy's page. */
        @JvmStatic
        @JvmOverloads
        public fun status(status: Int, body: String = "", contentType: String = "application/json"): FakeReply =
            FakeReply(FakeAnswer.Whole(status, contentType, body.encodeToByteArray()), Pacing())

        /** Anything at all, byte for byte. */
        @JvmStatic
        public fun raw(reply: LoopbackReply): FakeReply = FakeReply(FakeAnswer.Raw(reply), Pacing())

        private const val JSON_PIECE = 6

        private fun of(part: FakePart): FakeReply =
            FakeReply(FakeAnswer.Message(listOf(FakeChoice(listOf(part)))), Pacing())

        private fun toolCallPart(name: String, argumentsJson: String, id: String?): FakePart =
            FakePart.ToolCall(name, pieces(argumentsJson, JSON_PIECE), id)
    }
}
