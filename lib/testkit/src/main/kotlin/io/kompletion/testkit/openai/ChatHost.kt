package io.kompletion.testkit.openai

import io.kompletion.testkit.internal.FakeFailure
import io.kompletion.testkit.internal.MessageWriting
import io.kompletion.testkit.internal.RefusedException
import io.kompletion.testkit.server.LoopbackRequest
import kotlinx.serialization.json.JsonObject

/** Where chat completions are served: what differs of path, key and headers, and what stands round an answer. */
internal interface ChatHost {
    val basePath: String

    /** How many events of a stream come before the first one with content. */
    val openingEvents: Int

    /** Checks path and key; [apiKey] is the only one to take, null for any. */
    fun checkHead(http: LoopbackRequest, apiKey: String?)

    /** [body] with what the path says. */
    fun body(http: LoopbackRequest, body: JsonObject): JsonObject = body

    /** Headers of the answer with this [number]. */
    fun headers(number: Int): List<Pair<String, String>>

    /** The body of an answer that is [failure]. */
    fun error(failure: FakeFailure): JsonObject = openAiError(failure)

    /** [message] with what the host puts round it. */
    fun dressed(message: MessageWriting): MessageWriting = message
}

/** OpenAI itself. */
internal object OwnHost : ChatHost {
    override val basePath: String get() = "/v1"

    /** The chunk with the role. */
    override val openingEvents: Int get() = 1

    override fun checkHead(http: LoopbackRequest, apiKey: String?) {
        if (http.method != "POST" || http.path != "/v1/chat/completions") {
            throw RefusedException(404, "Invalid URL (${http.method} ${http.path})", INVALID_REQUEST)
        }
        val key = bearer(http)
        if (key.isNullOrEmpty()) {
            throw RefusedException(
                401,
                "You didn't provide an API key. You need to provide your API key in an Authorization header using " +
                    "Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
                INVALID_REQUEST,
                "invalid_api_key",
            )
        }
        if (apiKey != null && key != apiKey) {
            val message = "Incorrect API key provided: ${key.take(3)}***."
            throw RefusedException(401, message, INVALID_REQUEST, "invalid_api_key")
        }
    }

    override fun headers(number: Int): List<Pair<String, String>> = listOf(
        "x-request-id" to "req_fake_$number",
        "openai-version" to "2020-10-01",
        "openai-processing-ms" to "1",
    )
}

/** The bearer token of a request, or null. */
internal fun bearer(http: LoopbackRequest): String? =
    http.header("authorization").orEmpty().takeIf { it.startsWith("Bearer ") }?.substring(7)?.trim()
