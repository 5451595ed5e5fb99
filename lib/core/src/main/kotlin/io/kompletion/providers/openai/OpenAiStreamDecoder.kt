package io.kompletion.providers.openai

import io.kompletion.internal.wire.EventJson
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
    private val events = EventJson()
    private val deltas = if (quick) OpenAiDeltaReader(out) else null

    override fun accept(name: String?, data: ByteArray, start: Int, end: Int) {
        if (deltas != null && deltas.accept(data, start, end)) return events.passed()
        val chunk = events.parse(data, start, end) ?: return out.done()
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
}
