package io.kompletion.testkit.internal

import io.kompletion.testkit.FakeUsage
import io.kompletion.testkit.server.Gate
import io.kompletion.testkit.server.LoopbackReply
import java.time.Duration

/** What a reply says, apart from any wire. */
internal sealed interface FakeAnswer {
    data class Message(val choices: List<FakeChoice>, val usage: FakeUsage? = null, val model: String? = null) :
        FakeAnswer

    class Failure(val failure: FakeFailure) : FakeAnswer

    class Whole(val status: Int, val contentType: String, val body: ByteArray) : FakeAnswer

    class Raw(val reply: LoopbackReply) : FakeAnswer
}

/** One choice of a message: its parts in the order they are spoken. */
internal data class FakeChoice(val parts: List<FakePart>, val finishReason: String? = null) {
    /** Everything the model spoke, for estimating tokens. */
    fun spoken(): String = parts.joinToString("") { it.pieces.joinToString("") }
}

/** A part of a choice, in the pieces that a stream sends one at a time. */
internal sealed class FakePart(val pieces: List<String>) {
    class Text(pieces: List<String>) : FakePart(pieces)

    class Reasoning(pieces: List<String>) : FakePart(pieces)

    class Refusal(pieces: List<String>) : FakePart(pieces)

    class ToolCall(val name: String, arguments: List<String>, val id: String?) : FakePart(arguments)
}

/** An error before a wire gives it a shape; null is for the wire's own default. */
internal class FakeFailure(
    val status: Int,
    val message: String?,
    val type: String?,
    val code: String?,
    val param: String?,
)

/** When and how a reply is written. */
internal data class Pacing(
    val headers: List<Pair<String, String>> = emptyList(),
    val headDelay: Duration = Duration.ZERO,
    val headGate: Gate? = null,
    val eventDelay: Duration = Duration.ZERO,
    val holds: List<Pair<Int, Gate>> = emptyList(),
    val cutAfter: Int? = null,
    val resetAfter: Int? = null,
    val failAfter: Pair<Int, FakeFailure>? = null,
    val chunkBytes: Int = Int.MAX_VALUE,
) {
    /** The highest event that this pacing names. */
    val lastEvent: Int get() =
        (holds.map { it.first } + listOfNotNull(cutAfter, resetAfter, failAfter?.first)).maxOrNull() ?: -1
}
