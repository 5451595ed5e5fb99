package io.kompletion.testkit.internal

import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.Step

/** Turns the events or the body of an answer into steps, at the pace a reply asks for. */
internal class ReplyWriter(private val pacing: Pacing, private val ownHeaders: List<Pair<String, String>>) {
    /**
     * A body in the chunked coding, one or more HTTP chunks an event; [failureEvent] is how the wire reports an error.
     */
    fun stream(contentType: String, events: List<ByteArray>, failureEvent: (FakeFailure) -> ByteArray): LoopbackReply {
        require(pacing.lastEvent < events.size) {
            "The reply names event ${pacing.lastEvent}, but its stream has ${events.size} events, counted from 0"
        }
        val reply = start(200, listOf("content-type" to contentType, "transfer-encoding" to "chunked"))
        events.forEachIndexed { index, event ->
            if (index > 0 && !pacing.eventDelay.isZero) reply.delay(pacing.eventDelay)
            chunks(reply, event)
            pacing.holds.filter { it.first == index }.forEach { reply.await(it.second) }
            if (pacing.resetAfter == index) return reply.rst().build()
            if (pacing.cutAfter == index) return reply.fin().build()
            pacing.failAfter?.takeIf { it.first == index }?.let { (_, failure) ->
                chunks(reply, failureEvent(failure))
                return reply.lastChunk().build()
            }
        }
        return reply.lastChunk().build()
    }

    /** A body with its length. */
    fun whole(status: Int, contentType: String, body: ByteArray): LoopbackReply {
        val reply = start(status, listOf("content-type" to contentType, "content-length" to "${body.size}"))
        pacing.holds.forEach { reply.await(it.second) }
        val half = body.size / 2
        return when {
            pacing.resetAfter != null -> reply.send(body.copyOf(half)).rst()
            pacing.cutAfter != null -> reply.send(body.copyOf(half)).fin()
            else -> reply.send(body)
        }.build()
    }

    private fun start(status: Int, framing: List<Pair<String, String>>): LoopbackReply.Builder {
        val reply = LoopbackReply.builder()
        if (!pacing.headDelay.isZero) reply.delay(pacing.headDelay)
        pacing.headGate?.let { reply.await(it) }
        val replaced = pacing.headers.map { it.first.lowercase() }.toSet()
        val headers = (framing + ownHeaders).filter { it.first !in replaced } + pacing.headers
        return reply.head(status, headers.map { (name, value) -> "$name: $value" })
    }

    private fun chunks(reply: LoopbackReply.Builder, bytes: ByteArray) {
        for (from in bytes.indices step pacing.chunkBytes) {
            val length = minOf(pacing.chunkBytes, bytes.size - from)
            reply.step(Step.Chunk(bytes.copyOfRange(from, from + length)))
        }
    }
}
