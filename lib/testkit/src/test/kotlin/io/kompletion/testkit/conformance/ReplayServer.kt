package io.kompletion.testkit.conformance

import io.kompletion.Kompletion
import io.kompletion.chat.ChatCompletionRequest
import io.kompletion.chat.RetryConfiguration
import io.kompletion.testkit.server.LoopbackReply
import io.kompletion.testkit.server.LoopbackServer
import java.util.concurrent.ConcurrentHashMap

/**
 * One server that plays every provider, and one client that knows each of them: OpenAI, Anthropic, Google and Alibaba
 * and Bedrock as built in, the others as servers of OpenAI's dialect. A header tells which exchange a call belongs to.
 */
internal class ReplayServer(providers: Collection<String>) : AutoCloseable {
    private val replies = ConcurrentHashMap<String, LoopbackReply>()
    private val bodies = ConcurrentHashMap<String, String>()
    private val server = LoopbackServer.start { request ->
        val id = request.header(HEADER).orEmpty()
        bodies[id] = request.bodyText
        val known = PATHS.any { request.path.substringBefore('?').endsWith(it) } && request.method == "POST"
        replies[id].takeIf { known } ?: LoopbackReply.fixed(404, "text/plain", "No exchange \"$id\" at ${request.path}")
    }
    private val client = Kompletion {
        environment(emptyMap())
        retry(RetryConfiguration.NONE)
        for (name in providers) {
            provider(name) {
                apiKey(KEY)
                baseUrl(server.url)
            }
        }
    }

    /** Calls [exchange]'s provider with [request] and answers with [reply]. */
    suspend fun call(exchange: Exchange, request: ChatCompletionRequest, reply: LoopbackReply): Outcome {
        replies[exchange.id] = reply
        val sent = request.toBuilder()
            .model("${exchange.askedProvider}/${request.model}")
            .baseUrl(server.url + exchange.basePath)
            .extraHeader(HEADER, exchange.id)
            .build()
        return try {
            client.outcome(sent, exchange.isStreaming)
        } finally {
            replies.remove(exchange.id)
        }
    }

    /** The body of the last request for [exchange]; null when none was sent. */
    fun sent(exchange: Exchange): String? = bodies[exchange.id]

    override fun close() {
        client.close()
        server.close()
    }

    private companion object {
        const val HEADER = "x-exchange"
        const val KEY = "sk-test"
        val PATHS = listOf("/chat/completions", "/chat", "/messages", ":generateContent", ":streamGenerateContent") +
            listOf("/converse", "/converse-stream", "/invoke", "/invoke-with-response-stream")
    }
}
