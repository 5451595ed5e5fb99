package io.kompletion.providers.openai

import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.obj
import io.kompletion.provider.AnswerSink
import io.kompletion.provider.StreamDecoder
import kotlinx.serialization.json.JsonObject

/** Reads the chunks of one chat completion stream, of OpenAI and of the servers that copy it. */
internal class OpenAiStreamDecoder(private val reader: OpenAiAnswerReader, private val out: AnswerSink) :
    StreamDecoder {
    private var events = 0

    override fun accept(name: String?, data: ByteArray, start: Int, end: Int) {
        events++
        if (isDone(data, start, end)) {
            out.done()
            return
        }
        val chunk = WireJson.parse(data, start, end)
            ?: throw UnexpectedResponseException(
                "event $events of the stream is no JSON: ${excerpt(data, start, end)}",
                ErrorDetails.builder().code("protocol.json").build(),
            )
        OpenAiErrors.inside(chunk)?.let { throw it }
        if (chunk !is JsonObject) return
        groq(chunk)?.let { OpenAiErrors.inside(it) }?.let { throw it }
        reader.head(chunk, out)
        chunk.array("choices")?.forEachIndexed { position, choice ->
            (choice as? JsonObject)?.let { reader.choice(it, position, out, isStream = true) }
        }
    }

    /** Groq puts errors and usage of a stream into an object of its own. */
    private fun groq(chunk: JsonObject): JsonObject? = chunk.obj("x_groq")?.takeIf { "error" in it }

    private fun isDone(data: ByteArray, start: Int, end: Int): Boolean {
        var from = start
        var to = end
        while (from < to && data[from] <= SPACE) from++
        while (to > from && data[to - 1] in 0..SPACE) to--
        if (to - from != DONE.size) return false
        for (i in DONE.indices) if (data[from + i] != DONE[i]) return false
        return true
    }

    private fun excerpt(data: ByteArray, start: Int, end: Int): String =
        ErrorDetails.printable(String(data, start, minOf(end - start, EXCERPT), Charsets.UTF_8), EXCERPT)

    private companion object {
        const val EXCERPT = 80
        const val SPACE = ' '.code.toByte()
        val DONE = "[DONE]".encodeToByteArray()
    }
}
