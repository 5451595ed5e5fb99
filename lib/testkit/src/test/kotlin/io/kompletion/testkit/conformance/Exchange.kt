package io.kompletion.testkit.conformance

import io.kompletion.testkit.internal.int
import io.kompletion.testkit.internal.obj
import io.kompletion.testkit.internal.text
import io.kompletion.testkit.server.LoopbackReply
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.util.Base64

/** One recorded request and answer, and what was understood of it. */
internal class Exchange(private val root: JsonObject) {
    val id = root.text("id").orEmpty()
    val provider = root.text("provider").orEmpty()
    val kind = root.text("kind").orEmpty()
    val protocol = root.text("protocol")
    val isAnthropic = protocol == ANTHROPIC
    val hasReading = root["expected"] is JsonObject
    val expected: JsonObject get() = root.obj("expected") ?: error("$id has no reading")

    /** The path of the base URL. */
    val basePath = root.text("endpoint").orEmpty().substringBefore('?').let { path ->
        if (path.endsWith(CHAT)) path.removeSuffix(CHAT) else path.substringBeforeLast('/')
    }

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

    override fun toString(): String = "$provider $kind $id"

    private companion object {
        const val CHAT = "/chat/completions"
        const val ANTHROPIC = "anthropic_messages"
        val STREAMS = setOf("chat_stream", "messages_stream")
        val OWN = listOf("content-type", "content-length", "transfer-encoding", "connection", "content-encoding")
    }
}
