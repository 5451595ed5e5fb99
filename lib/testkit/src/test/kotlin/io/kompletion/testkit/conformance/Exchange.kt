package io.kompletion.testkit.conformance

import io.kompletion.testkit.internal.int
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.objects
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.json
import io.kompletion.testkit.server.LoopbackReply
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import java.net.URLDecoder
import java.util.Base64

/** One recorded request and answer, and what was understood of it. */
internal class Exchange(private val root: JsonObject) {
    val id = root.text("id").orEmpty()
    val provider = root.text("provider").orEmpty()
    val kind = root.text("kind").orEmpty()
    val protocol = root.text("protocol")
    val isAnthropic = protocol == ANTHROPIC || protocol == INVOKED
    val isBedrock = protocol == BEDROCK
    val isGemini = protocol == GEMINI
    val isCohere = protocol == COHERE
    val isOllama = protocol == OLLAMA

    /**
     * The provider that the client is asked for. Everything that speaks Gemini's protocol is read by one codec; what
     * Google says in OpenAI's dialect is a server of that dialect.
     */
    val askedProvider = when {
        isGemini -> GOOGLE
        isBedrock -> "bedrock"
        protocol == INVOKED -> "anthropic_bedrock"
        provider == GOOGLE -> "google-openai"
        provider == "ollama" && !isOllama -> "ollama_openai"
        provider == "vercel-gateway" -> "vercel_ai_gateway"
        else -> provider
    }
    val hasReading = root["expected"] is JsonObject
    val expected: JsonObject get() = root.obj("expected") ?: error("$id has no reading")

    private val path = root.text("endpoint").orEmpty().substringBefore('?')

    /** The path of the base URL. */
    val basePath = when {
        path.endsWith(CHAT) -> path.removeSuffix(CHAT)
        isGemini -> "/v1beta"
        MODEL in path -> path.substringBefore(MODEL)
        else -> path.substringBeforeLast('/')
    }

    /** The model that Gemini's path names. */
    val pathModel = path.substringAfterLast('/').substringBefore(':')

    /** The model that Bedrock's path names. */
    val modelId: String get() = URLDecoder.decode(path.substringAfter(MODEL).substringBefore('/'), "UTF-8")

    /** An error has the kind `error` whatever was asked for. */
    val isStreaming = kind in STREAMS || root.text("operation") in STREAMS

    val requestBody: JsonObject? = root.obj("request")?.obj("body")
    private val response = root.obj("response") ?: error("$id has no response")
    val status = response.int("status") ?: error("$id has no status")
    val responseText: String? = response.text("text")

    /** Whether the recorded stream ends with the end marker of the protocol. */
    val hasEndMarker = responseText.orEmpty().lineSequence().any {
        if (isAnthropic) "\"message_stop\"" in it else it.removePrefix("data:").trim() == "[DONE]"
    }

    /** The whole path of the request, without its query. */
    val requestPath: String get() = root.text("endpoint").orEmpty().substringBefore('?')

    /** How many alternatives the answer has. */
    val choices: Int get() = expected.int("choices") ?: 1

    /**
     * The provider's word for why the answer ended, which may be a number. The reading looks for Anthropic's at the end of
     * a stream alone; a message that is complete from the start says it there.
     */
    val finishReason: String?
        get() = (expected["finish_reason"] as? JsonPrimitive)?.contentOrNull?.ifEmpty { null }
            ?: reasonAtStart.takeIf { isAnthropic && isStreaming }

    private val reasonAtStart: String?
        get() = responseText?.lineSequence()?.firstOrNull { "\"message_start\"" in it && it.startsWith("data:") }
            ?.let { json(it.removePrefix("data:").trim()).obj("message")?.text("stop_reason") }

    /** Whether Gemini refused the prompt and answered nothing. */
    val isBlocked: Boolean get() = expected.text("block_reason") != null && finishReason == null

    /** Whether Gemini ended with a failure and had said nothing. */
    val isFailed: Boolean get() = isGemini && finishReason in FAILURES &&
        expected.text("text").isNullOrEmpty() && CONTENT.all { expected.objects(it).isEmpty() }

    fun reply(): LoopbackReply {
        val headers = response.obj("headers").orEmpty().mapNotNull { (name, value) ->
            (value as? JsonPrimitive)?.let { "$name: ${it.content}" }
        }
        val type = headers.firstOrNull { it.startsWith("content-type:", true) }?.substringAfter(':')?.trim()
        val others = headers.filterNot { line -> OWN.any { line.startsWith("$it:", ignoreCase = true) } }
        return LoopbackReply.fixed(status, type ?: "application/json", body(), *others.toTypedArray())
    }

    private fun body(): ByteArray {
        val encoded = response.text("base64")
        val tree = response["body"]?.takeUnless { it is JsonNull }
        return when {
            responseText != null -> responseText.encodeToByteArray()
            encoded != null -> Base64.getDecoder().decode(encoded)
            else -> tree?.toString().orEmpty().encodeToByteArray()
        }
    }

    val bodyText: String get() = body().decodeToString()

    override fun toString(): String = "$provider $kind $id"

    private companion object {
        const val CHAT = "/chat/completions"
        const val ANTHROPIC = "anthropic_messages"
        const val BEDROCK = "bedrock_converse"
        const val INVOKED = "bedrock_invoke_anthropic"
        const val MODEL = "/model/"
        const val GEMINI = "gemini"
        const val COHERE = "cohere_v2"
        const val OLLAMA = "ollama_chat"
        const val GOOGLE = "google"
        val STREAMS = setOf("chat_stream", "messages_stream", "generate_stream", "converse_stream")
        val CONTENT = listOf("tool_calls", "provider_tool_calls")
        val FAILURES = setOf("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS")
        val OWN = listOf("content-type", "content-length", "transfer-encoding", "connection", "content-encoding")
    }
}
