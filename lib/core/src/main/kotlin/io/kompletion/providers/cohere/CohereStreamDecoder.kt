package io.kompletion.providers.cohere

import io.kompletion.internal.wire.EventJson
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.present
import io.kompletion.internal.wire.string
import io.kompletion.provider.AnswerSink
import io.kompletion.provider.StreamDecoder
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Reads the events of one stream; `message-end` is the last that means something. Events of other kinds are passed
 * over.
 *
 * @see <a href="https://docs.cohere.com/v2/docs/streaming">Cohere: streaming</a>
 */
internal class CohereStreamDecoder(private val reader: CohereAnswerReader, private val out: AnswerSink) :
    StreamDecoder {
    private val events = EventJson()
    private var isPlanning = false

    override fun accept(name: String?, data: ByteArray, start: Int, end: Int) {
        val event = events.parse(data, start, end) as? JsonObject ?: return
        CohereErrors.inside(event)?.let { throw it }
        val type = event.string("type") ?: name
        val delta = event.obj("delta")
        val message = delta?.obj("message")
        if (isPlanning && type != PLAN_DELTA) {
            reader.tellPlan()
            isPlanning = false
        }
        when (type) {
            "message-start" -> reader.head(event)
            "content-start" -> content(message)?.let(reader::block)
            "content-delta" -> content(message)?.let(reader::piece)
            PLAN_DELTA -> plan(message)
            "tool-call-start", "tool-call-delta" -> call(event, message)
            "citation-start" -> citations(message)
            "message-end" -> end(delta ?: event)
        }
        event.present("logprobs")?.let { out.logprobs(0, it) }
    }

    /** A block, which old servers send as its text alone. */
    private fun content(message: JsonObject?): JsonObject? = when (val content = message?.present("content")) {
        is JsonObject -> content
        is JsonPrimitive -> JsonObject(mapOf("text" to content))
        is JsonArray -> content.firstOrNull() as? JsonObject
        null -> null
    }

    private fun plan(message: JsonObject?) {
        message?.string(CohereAnswerReader.PLAN)?.let(reader::plan)
        isPlanning = true
    }

    private fun call(event: JsonObject, message: JsonObject?) = each(message, "tool_calls") { call ->
        reader.toolCall(event.int("index"), call)
    }

    private fun citations(message: JsonObject?) = each(message, "citations", reader::citation)

    /** One of them stands alone or in a list. */
    private fun each(message: JsonObject?, name: String, read: (JsonElement) -> Unit) {
        message?.array(name)?.forEach(read)
        message?.obj(name)?.let(read)
    }

    private fun end(end: JsonObject) {
        reader.end(end)
        out.done()
    }

    private companion object {
        const val PLAN_DELTA = "tool-plan-delta"
    }
}
