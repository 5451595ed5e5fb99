package io.kompletion.providers.openai

import io.kompletion.error.ErrorDetails
import io.kompletion.error.UnexpectedResponseException
import io.kompletion.internal.wire.WireJson
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.long
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.text
import io.kompletion.provider.AnswerSink
import io.kompletion.provider.StreamDecoder
import kotlinx.serialization.json.JsonObject

/**
 * Reads the chunks of one chat completion stream, of OpenAI and of the servers that copy it. [quick] false reads every
 * event in the general way, which tests compare with.
 */
internal class OpenAiStreamDecoder(
    private val reader: OpenAiAnswerReader,
    private val out: AnswerSink,
    quick: Boolean = true,
) : StreamDecoder {
    private var events = 0
    private val deltas = if (quick) OpenAiDeltaReader(out) else null

    override fun accept(name: String?, data: ByteArray, start: Int, end: Int) {
        events++
        if (isDone(data, start, end)) {
            out.done()
            return
        }
        if (deltas != null && deltas.accept(data, start, end)) return
        val chunk = WireJson.parse(data, start, end)
            ?: throw UnexpectedResponseException(
                "event $events of the stream is no JSON: ${excerpt(data, start, end)}",
                ErrorDetails.builder().code("protocol.json").build(),
            )
        OpenAiErrors.inside(chunk)?.let { throw it }
        if (chunk !is JsonObject) return
        groq(chunk)?.let { OpenAiErrors.inside(it) }?.let { throw it }
        reader.head(chunk, out)
        deltas?.let { remember(it, chunk) }
        chunk.array("choices")?.forEachIndexed { position, choice ->
            (choice as? JsonObject)?.let { reader.choice(it, position, out, isStream = true) }
        }
    }

    private fun remember(deltas: OpenAiDeltaReader, chunk: JsonObject) {
        deltas.knowsId = deltas.knowsId || !chunk.text("id").isNullOrEmpty()
        deltas.knowsModel = deltas.knowsModel || !chunk.text("model").isNullOrEmpty()
        deltas.knowsCreated = deltas.knowsCreated || (chunk.long("created") ?: 0) > 0
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
