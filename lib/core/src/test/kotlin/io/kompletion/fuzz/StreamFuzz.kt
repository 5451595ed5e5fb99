package io.kompletion.fuzz

import io.kompletion.chat.FinalResponseChunk
import io.kompletion.chat.toJson
import io.kompletion.internal.stream.GoldenStreams
import io.kompletion.internal.stream.Reading
import io.kompletion.internal.stream.StreamReplay
import io.kompletion.internal.stream.WireStream

/**
 * A stream ends with one response or with a failure of the library, however its bytes were cut; its chunks have a
 * JSON form. The first two bytes choose the content type and the cut.
 */
internal abstract class StreamFuzz(private val provider: String) : FuzzTarget {
    override val name: String = "stream-$provider"

    override fun seeds(): List<ByteArray> = GoldenStreams.all(provider).map { stream ->
        byteArrayOf(TYPES.indexOf(stream.contentType).coerceAtLeast(0).toByte(), CUT) + stream.bytes
    }

    override fun around(text: String): List<ByteArray> = listOf(
        "data: $text\n\n",
        "data: {\"choices\":[{\"delta\":{\"a\":$text}}]}\n\n",
        "data: {\"candidates\":[{\"content\":{\"parts\":[{\"a\":$text}]}}]}\n\n",
        "data: {\"type\":\"content-start\",\"delta\":{\"message\":{\"content\":{\"type\":\"x\",\"a\":$text}}}}\n\n",
        "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"x\",\"a\":$text}}\n\n",
        "data: {\"message\":{\"content\":\"\",\"a\":$text},\"done\":true}\n\n",
    ).map { byteArrayOf(0, CUT) + it.encodeToByteArray() }

    override fun check(data: ByteArray) {
        if (data.size < HEAD) return
        val type = TYPES[(data[0].toInt() and BYTE) % TYPES.size]
        val stream = WireStream(name, data.copyOfRange(HEAD, data.size), type, provider = provider)
        val whole = StreamReplay.whole(stream)
        ends(whole)
        if (stream.bytes.size > 1) {
            val cut = 1 + (data[1].toInt() and BYTE) * (stream.bytes.size - 2) / BYTE
            law(StreamReplay.cut(stream, cut) == whole) { "cut at $cut it reads differently" }
        }
        compare(stream, whole)
        for (chunk in whole.chunks) chunk.toJson()
    }

    /** What else holds of [whole]. */
    protected open fun compare(stream: WireStream, whole: Reading) = Unit

    private fun ends(reading: Reading) {
        val responses = reading.chunks.count { it is FinalResponseChunk }
        law(responses == if (reading.failure == null) 1 else 0) { "$responses responses, failure ${reading.failure}" }
        val endsWell = reading.chunks.lastOrNull() is FinalResponseChunk
        law(endsWell == (reading.failure == null)) { "the last chunk is no response" }
    }

    protected companion object {
        const val HEAD = 2
        const val CUT: Byte = 100
        const val FRAMES: Byte = 4
        private const val BYTE = 0xFF
        private val TYPES = listOf(
            "text/event-stream",
            "application/json",
            "application/x-ndjson",
            null,
            "application/vnd.amazon.eventstream",
        )
    }
}

/** OpenAI's protocol, read quickly and in the general way. */
internal object OpenAiStreamFuzz : StreamFuzz("openai") {
    override fun compare(stream: WireStream, whole: Reading) =
        law(StreamReplay.generally(stream) == whole) { "the quick reader differs from the general one" }
}

internal object AnthropicStreamFuzz : StreamFuzz("anthropic")

internal object GeminiStreamFuzz : StreamFuzz("gemini")

internal object BedrockStreamFuzz : StreamFuzz("bedrock")

internal object MistralStreamFuzz : StreamFuzz("mistral")

internal object CohereStreamFuzz : StreamFuzz("cohere")

internal object OllamaStreamFuzz : StreamFuzz("ollama")
