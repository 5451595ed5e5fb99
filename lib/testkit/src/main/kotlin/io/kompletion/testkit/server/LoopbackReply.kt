package io.kompletion.testkit.server

import java.time.Duration

/**
 * What a [LoopbackServer] does with one request: its [steps] in order. Immutable, may answer any number of requests.
 *
 * After the last step the connection waits for the next request, unless a step ended it or the request asked for that.
 * [fixed], [chunked] and [closeDelimited] make whole answers; [builder] writes one step by step.
 *
 * @property steps what the server does, in order
 */
public class LoopbackReply(public val steps: List<Step>) {
    /** Starts a builder with these steps. */
    public fun toBuilder(): Builder = Builder().steps(steps)

    override fun toString(): String = "LoopbackReply(${steps.size} steps)"

    /** Collects steps; every function adds to the end. Not thread-safe. */
    public class Builder internal constructor() {
        private val steps = ArrayList<Step>()

        /** Adds any [step]. */
        public fun step(step: Step): Builder = apply { steps += step }

        /** Adds all of [steps]. */
        public fun steps(steps: List<Step>): Builder = apply { this.steps += steps }

        /**
         * The status line and the head, exactly the [headerLines] given (`"content-type: text/plain"`) and no others,
         * so the framing of the body is the caller's business.
         */
        public fun head(status: Int, vararg headerLines: String): Builder = head(status, headerLines.asList())

        /** As the other [head]. */
        public fun head(status: Int, headerLines: List<String>): Builder {
            val lines = listOf("HTTP/1.1 $status ${reasonPhrase(status)}") + headerLines
            return send(lines.joinToString("\r\n", postfix = "\r\n\r\n"))
        }

        /** Raw [bytes] in one write. */
        public fun send(bytes: ByteArray): Builder = step(Step.Send(bytes))

        /** Raw [text] as UTF-8 in one write. */
        public fun send(text: String): Builder = send(text.encodeToByteArray())

        /** One HTTP chunk around [data], in one write. */
        public fun chunk(data: ByteArray): Builder = step(Step.Chunk(data))

        /** One HTTP chunk around [text] as UTF-8, in one write. */
        public fun chunk(text: String): Builder = chunk(text.encodeToByteArray())

        /** The end of a chunked body. */
        public fun lastChunk(): Builder = step(Step.LastChunk)

        /** Raw [bytes], [size] a write, with a [pause] between. */
        @JvmOverloads
        public fun drip(bytes: ByteArray, size: Int, pause: Duration = Duration.ZERO): Builder =
            step(Step.Drip(bytes, size, pause))

        /** Waits until the test opens [gate]. */
        public fun await(gate: Gate): Builder = step(Step.Await(gate))

        /** Waits for [duration]. */
        public fun delay(duration: Duration): Builder = step(Step.Delay(duration))

        /** Repeats [steps]; see [Step.Repeat]. */
        public fun repeat(times: Long, vararg steps: Step): Builder = step(Step.Repeat(times, steps.asList()))

        /** Closes in order. */
        public fun fin(): Builder = step(Step.Fin)

        /** Resets. */
        public fun rst(): Builder = step(Step.Rst)

        /** Goes silent with the connection open. */
        public fun hold(): Builder = step(Step.Hold)

        /** The reply; the builder can go on being used. */
        public fun build(): LoopbackReply = LoopbackReply(steps.toList())
    }

    public companion object {
        /** An empty builder. */
        @JvmStatic
        public fun builder(): Builder = Builder()

        /** A whole answer with `Content-Length`, head and body in one write. */
        @JvmStatic
        public fun fixed(status: Int, contentType: String, body: ByteArray, vararg headerLines: String): LoopbackReply {
            val head = Builder()
                .head(status, listOf("content-type: $contentType", "content-length: ${body.size}") + headerLines)
                .build().steps.single() as Step.Send
            return LoopbackReply(listOf(Step.Send(head.bytes + body)))
        }

        /** As the other [fixed], with the body as UTF-8 text. */
        @JvmStatic
        public fun fixed(status: Int, contentType: String, body: String, vararg headerLines: String): LoopbackReply =
            fixed(status, contentType, body.encodeToByteArray(), *headerLines)

        /** A whole answer in the chunked coding: each of [chunks] is one HTTP chunk and one write. */
        @JvmStatic
        public fun chunked(status: Int, contentType: String, vararg chunks: String): LoopbackReply = Builder()
            .head(status, "content-type: $contentType", "transfer-encoding: chunked")
            .apply { chunks.forEach { chunk(it) } }
            .lastChunk()
            .build()

        /** A whole answer without length or chunks: the end of the connection is the end of [body]. */
        @JvmStatic
        public fun closeDelimited(status: Int, contentType: String, body: String): LoopbackReply = Builder()
            .head(status, "content-type: $contentType", "connection: close")
            .send(body)
            .fin()
            .build()
    }
}
