package io.kompletion.testkit.fault

import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.Step
import java.time.Duration

/**
 * One HTTP answer that faults damage, as a value: head, body in pieces, framing and end. Immutable; each function gives
 * a new one.
 */
internal class WireAnswer(
    private val body: List<Step>,
    private val status: Int = 200,
    private val contentType: String? = null,
    private val headers: List<String> = emptyList(),
    private val framing: Framing = Framing.CHUNKED,
    private val end: End = End.COMPLETE,
    private val announced: Int? = null,
) {
    enum class Framing { CHUNKED, LENGTH, CLOSE, CLOSE_UNSAID }

    enum class End { COMPLETE, FIN, RST, HOLD }

    fun status(value: Int) = copy(status = value)

    fun contentType(value: String?) = copy(contentType = value)

    fun header(line: String) = copy(headers = headers + line)

    fun framing(value: Framing) = copy(framing = value)

    /** The length that the head names, whatever the body's is. */
    fun announcing(length: Int) = copy(framing = Framing.LENGTH, announced = length)

    fun end(value: End) = copy(end = value)

    /** The pieces of the body, pauses left out. */
    val pieces: List<ByteArray> get() = body.mapNotNull { (it as? Step.Chunk)?.data }

    val bytes: ByteArray get() = pieces.fold(ByteArray(0)) { all, piece -> all + piece }

    fun pieces(value: List<ByteArray>) = copy(body = value.map { Step.Chunk(it) })

    fun pieces(vararg texts: String) = pieces(texts.map { it.encodeToByteArray() })

    fun steps(value: List<Step>) = copy(body = value)

    fun then(vararg steps: Step) = copy(body = body + steps)

    fun then(bytes: ByteArray) = then(Step.Chunk(bytes))

    fun then(text: String) = then(text.encodeToByteArray())

    fun first(vararg steps: Step) = copy(body = steps.asList() + body)

    fun first(text: String) = first(Step.Chunk(text.encodeToByteArray()))

    /** Each piece made another one. */
    fun map(change: (ByteArray) -> ByteArray) = pieces(pieces.map(change))

    /** The ASCII text of each piece made another one; other bytes stay what they are, also where a piece cuts them. */
    fun mapText(change: (String) -> String) =
        map { change(String(it, Charsets.ISO_8859_1)).toByteArray(Charsets.ISO_8859_1) }

    /** Whether the connection stays open and silent after the body. */
    val isHeld: Boolean get() = end == End.HOLD

    /** The first [count] pieces and then [pause], so that the client has read them when the rest happens. */
    fun cutAfter(count: Int, pause: Duration = SETTLED) =
        pieces(pieces.take(count)).let { if (pause.isZero) it else it.then(Step.Delay(pause)) }

    /** The body cut at byte [at], with [pause] between the two parts. */
    fun splitAt(at: Int, pause: Duration) = bytes.let { all ->
        steps(listOf(Step.Chunk(all.copyOfRange(0, at)), Step.Delay(pause), Step.Chunk(all.copyOfRange(at, all.size))))
    }

    fun reply(): LoopbackReply {
        val reply = LoopbackReply.builder().head(status, head())
        val isChunked = framing == Framing.CHUNKED
        reply.steps(if (isChunked) body else body.map(::unframed))
        when (end) {
            End.COMPLETE -> if (isChunked) {
                reply.lastChunk()
            } else if (framing != Framing.LENGTH) {
                reply.fin()
            }

            End.FIN -> reply.fin()

            End.RST -> reply.rst()

            End.HOLD -> reply.hold()
        }
        return reply.build()
    }

    private fun head(): List<String> = listOfNotNull(
        contentType?.let { "content-type: $it" },
        when (framing) {
            Framing.CHUNKED -> "transfer-encoding: chunked"
            Framing.LENGTH -> "content-length: ${announced ?: pieces.sumOf { it.size }}"
            Framing.CLOSE -> "connection: close"
            Framing.CLOSE_UNSAID -> null
        },
    ) + headers

    private fun unframed(step: Step): Step = when (step) {
        is Step.Chunk -> Step.Send(step.data)
        is Step.Repeat -> Step.Repeat(step.times, step.steps.map(::unframed))
        else -> step
    }

    private fun copy(
        body: List<Step> = this.body,
        status: Int = this.status,
        contentType: String? = this.contentType,
        headers: List<String> = this.headers,
        framing: Framing = this.framing,
        end: End = this.end,
        announced: Int? = this.announced,
    ) = WireAnswer(body, status, contentType, headers, framing, end, announced)

    companion object {
        /** Long enough for a client on the same machine, which may be busy, to have read what was sent before. */
        val SETTLED: Duration = Duration.ofSeconds(1)
        private const val JSON = "application/json"

        /** The recorded stream, one event a chunk. */
        fun stream(of: Recording) = events(of, of.stream)

        /** The recorded tool call, one event a chunk. */
        fun toolCall(of: Recording) = events(of, of.tool)

        /** One of the recording's streams, one event a chunk. */
        fun events(of: Recording, stream: ByteArray) =
            WireAnswer(of.framing.cut(stream).map { Step.Chunk(it) }, contentType = of.contentType)

        /** A whole answer of [status]. */
        fun json(body: ByteArray, status: Int = 200) =
            WireAnswer(listOf(Step.Chunk(body)), status, JSON, framing = Framing.LENGTH)

        /** The recorded error as an answer of its own. */
        fun error(of: Recording) = json(of.error, of.errorStatus)
    }
}
