package io.kompletion.benchmarks.policies

import io.kompletion.transport.HttpTransport
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse

/** Answers at once and without a thread of its own, so that what a call costs is the library's own work. */
internal object InMemory : HttpTransport {
    override val name: String get() = "memory"

    override suspend fun open(request: WireRequest): WireResponse = Answer()

    override fun close() = Unit

    private class Answer : WireResponse {
        private var isRead = false

        override val status: Int get() = 200
        override val headers: WireHeaders get() = HEADERS

        override suspend fun read(into: ByteArray, offset: Int, length: Int): Int {
            if (isRead) return -1
            isRead = true
            return BODY.copyInto(into, offset).let { BODY.size }
        }

        override fun close() = Unit
    }

    private val HEADERS = WireHeaders.received(listOf("content-type", "application/json"))
    private val BODY =
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini","choices":[{"index":0,
        "message":{"role":"assistant","content":"It is sunny and warm there."},"finish_reason":"stop"}],
        "usage":{"prompt_tokens":40,"completion_tokens":8,"total_tokens":48}}
        """.trimIndent().encodeToByteArray()
}
