package io.kompletion.internal.stream

import io.kompletion.checks.repositoryRoot
import io.kompletion.internal.wire.AwsFrames
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.intOrNull
import kotlinx.serialization.json.jsonObject
import java.io.File
import java.util.Base64

/** The body of an answer in the protocol of [provider], with what stands in its head. */
internal class WireStream(
    val name: String,
    val bytes: ByteArray,
    val contentType: String?,
    val choices: Int = 1,
    val provider: String = "openai",
) {
    val isEventStream: Boolean get() = contentType?.startsWith("text/event-stream") == true

    /** Whether it is text, of which white space and line ends may differ. */
    val isText: Boolean get() = contentType != AwsFrames.TYPE

    /** The same with another body. */
    fun with(text: String): WireStream = with(text.encodeToByteArray())

    fun with(bytes: ByteArray): WireStream = WireStream(name, bytes, contentType, choices, provider)

    fun labelled(contentType: String?): WireStream = WireStream(name, bytes, contentType, choices, provider)

    override fun toString(): String = name
}

/** Streams written by hand: one for each shape that servers are known to send, and one for each that broke the reader. */
internal object GoldenStreams {
    private val folder = File("src/test/resources/golden")
    private val types = mapOf(
        "sse" to "text/event-stream",
        "ndjson" to "application/x-ndjson",
        "json" to "application/json",
        "html" to "text/html",
        "frames" to AwsFrames.TYPE,
    )

    fun all(provider: String = "openai"): List<WireStream> = folder.resolve(provider).listFiles().orEmpty()
        .filter { it.extension in types && !it.name.endsWith(EXPECTED) }
        .sortedBy { it.name }
        .map { WireStream(it.name, bytes(it), types[it.extension], provider = provider) }

    /** Frames are written down as lines, e.g. `event messageStop {"stopReason":"end_turn"}`. */
    private fun bytes(file: File): ByteArray =
        if (file.extension == "frames") AwsFrames.ofLines(file.readLines()) else file.readBytes()

    /** Where the chunks of [stream] stand. */
    fun expected(stream: WireStream): File = folder.resolve(stream.provider).resolve(stream.name + EXPECTED)

    private const val EXPECTED = ".expected.json"
}

/** Streams recorded from real servers: those of the folder in `-Dkompletion.corpus`, else beside the repository. */
internal object RecordedStreams {
    fun all(provider: String = "openai"): List<WireStream> {
        val said = System.getProperty("kompletion.corpus")?.let(::File)
        val folder = said ?: File(repositoryRoot(), "../shared/corpus")
        val protocol = PROTOCOLS.getValue(provider)
        return File(folder, "exchanges").walkTopDown()
            .filter { it.parentFile.name == protocol.kind && it.extension == "json" && protocol.has(it) }
            .sortedBy { it.invariantSeparatorsPath }
            .mapNotNull { stream(Json.parseToJsonElement(it.readText()).jsonObject, provider, protocol.name) }
            .toList()
    }

    private fun stream(exchange: JsonObject, provider: String, protocol: String): WireStream? {
        if (text(exchange["protocol"]) != protocol) return null
        val response = exchange["response"] as? JsonObject
        val binary = text(response?.get("base64"))?.let(Base64.getDecoder()::decode)
        val body = binary ?: text(response?.get("text"))?.encodeToByteArray() ?: return null
        val type = text((response?.get("headers") as? JsonObject)?.get("content-type"))
        val choices = ((exchange["expected"] as? JsonObject)?.get("choices") as? JsonPrimitive)?.intOrNull ?: 1
        return WireStream(text(exchange["id"]).orEmpty(), body, type, choices, provider)
    }

    private fun text(element: Any?): String? = (element as? JsonPrimitive)?.takeIf { it.isString }?.content

    /** [only] is the provider whose streams are meant, where several speak the protocol. */
    private class Protocol(val name: String, val kind: String, private val only: String? = null) {
        fun has(file: File) = only == null || file.parentFile.parentFile.name == only
    }

    private val PROTOCOLS = mapOf(
        "openai" to Protocol("openai_chat", "chat_stream"),
        "anthropic" to Protocol("anthropic_messages", "messages_stream"),
        "bedrock" to Protocol("bedrock_converse", "converse_stream"),
        "anthropic_bedrock" to Protocol("bedrock_invoke_anthropic", "messages_stream"),
        "gemini" to Protocol("gemini", "generate_stream"),
        "cohere" to Protocol("cohere_v2", "chat_stream"),
        "ollama" to Protocol("ollama_chat", "chat_stream"),
        "mistral" to Protocol("openai_chat", "chat_stream", only = "mistral"),
    )
}
