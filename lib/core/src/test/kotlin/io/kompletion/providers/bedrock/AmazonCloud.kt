package io.kompletion.providers.bedrock

import io.kompletion.Kompletion
import io.kompletion.KompletionBuilder
import io.kompletion.internal.call.FakeResponse
import io.kompletion.internal.call.FakeTransport
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse

/** Amazon in small: answers to calls of models, and whatever [machine] says to everything else. */
internal class AmazonCloud(
    private val answer: (Int) -> WireResponse = { answered("ok") },
    private val machine: suspend (WireRequest) -> WireResponse = { answer(404, "") },
) {
    val transport = FakeTransport { _, request -> if (isCall(request)) answer(calls.size) else machine(request) }
    val calls: List<WireRequest> get() = transport.requests.filter(::isCall)
    val asked: List<WireRequest> get() = transport.requests.filterNot(::isCall)

    private fun isCall(request: WireRequest) = "/model/" in request.url

    fun client(env: Map<String, String> = emptyMap(), configure: KompletionBuilder.() -> Unit = {}) = Kompletion {
        environment(env)
        transport(transport)
        retry { enabled = false }
        configure()
    }

    companion object {
        fun answered(text: String): WireResponse =
            answer(200, """{"output":{"message":{"role":"assistant","content":[{"text":"$text"}]}},"stopReason":"end_turn"}""")

        fun refused(status: Int, type: String, message: String = "no"): WireResponse =
            answer(status, """{"message":"$message"}""", "x-amzn-errortype" to "$type:http://internal/")

        fun answer(status: Int, body: String, vararg headers: Pair<String, String>): WireResponse = FakeResponse(
            status,
            listOf(body).filter { it.isNotEmpty() },
            listOf("content-type", "application/json") + headers.flatMap { listOf(it.first, it.second) },
        )
    }
}
