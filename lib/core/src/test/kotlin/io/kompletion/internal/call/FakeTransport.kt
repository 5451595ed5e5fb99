package io.kompletion.internal.call

import io.kompletion.transport.HttpTransport
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import kotlinx.coroutines.awaitCancellation

/** Answers from a script, without a network and without real time. */
internal class FakeTransport(private val answer: suspend (Int, WireRequest) -> WireResponse) : HttpTransport {
    val requests = ArrayList<WireRequest>()
    val responses = ArrayList<FakeResponse>()

    override val name: String get() = "fake"

    override suspend fun open(request: WireRequest): WireResponse {
        requests += request
        return answer(requests.size, request).also { if (it is FakeResponse) responses += it }
    }

    override fun close() = Unit
}

/** Pieces of a body; what follows the last one is silence when [hangs]. */
internal class FakeResponse(
    override val status: Int,
    private val pieces: List<String>,
    headers: List<String> = listOf("content-type", "text/event-stream"),
    private val hangs: Boolean = false,
    private val before: suspend (Int) -> Unit = {},
) : WireResponse {
    override val headers: WireHeaders = WireHeaders.received(headers)
    private var next = 0
    var isClosed = false
        private set

    override suspend fun read(into: ByteArray, offset: Int, length: Int): Int {
        before(next)
        if (next == pieces.size) return if (hangs) awaitCancellation() else -1
        val bytes = pieces[next++].encodeToByteArray()
        bytes.copyInto(into, offset)
        return bytes.size
    }

    override fun close() {
        isClosed = true
    }
}

internal fun delta(text: String) = "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"$text\"}}]}\n\n"

internal const val FINISH = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
internal const val DONE = "data: [DONE]\n\n"

internal fun whole(text: String) = FakeResponse(
    200,
    listOf("""{"id":"1","model":"m","choices":[{"index":0,"message":{"content":"$text"},"finish_reason":"stop"}]}"""),
    listOf("content-type", "application/json"),
)

internal fun error(status: Int, vararg headers: String, code: String = "") = FakeResponse(
    status,
    listOf("""{"error":{"message":"no","code":"$code"}}"""),
    listOf("content-type", "application/json") + headers,
)

internal fun json(body: String) = FakeResponse(200, listOf(body), listOf("content-type", "application/json"))
