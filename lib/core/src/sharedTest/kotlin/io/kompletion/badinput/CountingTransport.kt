package io.kompletion.badinput

import io.kompletion.transport.HttpTransport
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import java.util.concurrent.CopyOnWriteArrayList

/** Counts what is sent, and answers it in the protocol that the path belongs to. */
internal class CountingTransport : HttpTransport {
    val requests = CopyOnWriteArrayList<WireRequest>()

    override val name: String get() = "counting"

    override suspend fun open(request: WireRequest): WireResponse {
        requests += request
        val body = when {
            "/messages" in request.url || "rawPredict" in request.url -> ANTHROPIC
            "enerateContent" in request.url -> GEMINI
            else -> OPENAI
        }
        return WholeAnswer(body.encodeToByteArray())
    }

    override fun close() = Unit

    private class WholeAnswer(private val body: ByteArray) : WireResponse {
        private var at = 0
        override val status: Int get() = OK
        override val headers: WireHeaders = WireHeaders.received(listOf("content-type", "application/json"))

        override suspend fun read(into: ByteArray, offset: Int, length: Int): Int {
            if (at == body.size) return -1
            val count = minOf(length, body.size - at)
            body.copyInto(into, offset, at, at + count)
            at += count
            return count
        }

        override fun close() = Unit
    }

    private companion object {
        const val OK = 200
        const val OPENAI =
            """{"id":"1","model":"m","choices":[{"index":0,"message":{"content":"ok"},"finish_reason":"stop"}]}"""
        const val ANTHROPIC =
            """{"id":"1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"ok"}],""" +
                """"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}"""
        const val GEMINI =
            """{"candidates":[{"content":{"role":"model","parts":[{"text":"ok"}]},"finishReason":"STOP"}]}"""
    }
}
