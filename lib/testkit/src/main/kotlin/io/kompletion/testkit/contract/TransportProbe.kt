package io.kompletion.testkit.contract

import io.kompletion.error.ConnectionException
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import io.kompletion.transport.HttpTransport
import io.kompletion.transport.WireHeaders
import io.kompletion.transport.WireRequest
import io.kompletion.transport.WireResponse
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.withTimeout
import java.time.Duration
import kotlin.time.Duration.Companion.seconds

/** A transport and a server for one test; both are closed when it ends. */
internal class TransportProbe(val transport: HttpTransport, val server: LoopbackServer) {
    fun get(path: String = "/"): WireRequest = WireRequest("GET", server.url + path, HEADERS)

    fun post(body: ByteArray = "{}".encodeToByteArray(), path: String = "/v1/chat"): WireRequest =
        WireRequest("POST", server.url + path, HEADERS, body)

    /** Sends a small POST and reads the whole answer. */
    suspend fun call(): String = transport.open(post()).use { it.text() }

    companion object {
        const val CANARY = "sk-canary-0123456789abcdef"
        val HEADERS: WireHeaders = WireHeaders.builder().add("authorization", "Bearer $CANARY").build()
        val SHORT: Duration = Duration.ofMillis(300)
        private val LIMIT = 30.seconds

        suspend fun probe(
            create: () -> HttpTransport,
            vararg replies: LoopbackReply,
            test: suspend TransportProbe.(CoroutineScope) -> Unit,
        ) = probe(create, LoopbackServer.start(*replies), test)

        suspend fun probe(
            create: () -> HttpTransport,
            server: LoopbackServer,
            test: suspend TransportProbe.(CoroutineScope) -> Unit,
        ) {
            server.use {
                create().use { transport -> withTimeout(LIMIT) { TransportProbe(transport, server).test(this) } }
            }
        }

        suspend fun WireResponse.text(): String {
            val all = StringBuilder()
            while (true) all.append(piece() ?: return all.toString())
        }

        /** What one read gives as text; null at the end. */
        suspend fun WireResponse.piece(): String? {
            val buffer = ByteArray(8192)
            val count = read(buffer, 0, buffer.size)
            return if (count < 0) null else buffer.decodeToString(0, count)
        }

        /** The exception of [block], checked to say nothing that is secret. */
        suspend fun failureOf(block: suspend () -> Unit): Throwable {
            val failure = try {
                block()
                null
            } catch (e: Exception) {
                e
            } ?: throw AssertionError("No exception was thrown")
            val text = failure.stackTraceToString() + failure
            if (CANARY in text) throw AssertionError("The header value is shown", failure)
            if (SECRET_QUERY in text) throw AssertionError("The query is shown", failure)
            return failure
        }

        suspend fun connectionFailureOf(block: suspend () -> Unit): ConnectionException {
            val failure = failureOf(block)
            return failure as? ConnectionException
                ?: throw AssertionError("Not a ConnectionException: $failure", failure)
        }

        const val SECRET_QUERY = "key=AIza-query-canary"
    }
}
