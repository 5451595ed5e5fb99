package io.kompletion.providers.anthropic

import io.kompletion.internal.wire.EventJson
import io.kompletion.internal.wire.array
import io.kompletion.internal.wire.int
import io.kompletion.internal.wire.obj
import io.kompletion.internal.wire.string
import io.kompletion.provider.AnswerSink
import io.kompletion.provider.StreamDecoder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject

/** Reads the events of one message. What an event is stands in its `type`; proxies lose the name beside it. */
internal class AnthropicStreamDecoder(
    private val codec: AnthropicCodec,
    providerId: String,
    private val out: AnswerSink,
) : StreamDecoder {
    private val reader = AnthropicAnswerReader(providerId, out)
    private val events = EventJson()

    override fun accept(name: String?, data: ByteArray, start: Int, end: Int) {
        val event = events.parse(data, start, end) as? JsonObject ?: return
        when (event.string("type") ?: name) {
            "message_start" -> event.obj("message")?.let(::messageStart)

            "content_block_start" -> event.obj("content_block")?.let { reader.begin(event.int("index") ?: 0, it) }

            "content_block_delta" -> event.obj("delta")?.let { reader.delta(event.int("index") ?: 0, it) }

            "content_block_stop" -> reader.end(event.int("index") ?: 0)

            "message_delta" -> messageDelta(event)

            "message_stop" -> {
                reader.endAll()
                for ((name, value) in event) if (name != "type" && value !is JsonNull) keep(name, value)
                out.done()
            }

            "message" -> codec.decode(event, out)

            "ping" -> Unit

            else -> AnthropicErrors.inside(event)?.let { throw it }
        }
    }

    /** Usually empty; when code that the model wrote calls a tool, the calls and the reason of the stop are in it. */
    private fun messageStart(message: JsonObject) {
        reader.head(message)
        val blocks = message.array("content").orEmpty()
        for (block in blocks) (block as? JsonObject)?.let(reader::whole)
        if (blocks.isEmpty()) reader.extras(message) else reader.tail(message)
    }

    private fun messageDelta(event: JsonObject) {
        event.obj("usage")?.let(reader::usage)
        reader.endAll()
        event.obj("delta")?.let(reader::tail)
        for ((name, value) in event) if (name !in MESSAGE_DELTA && value !is JsonNull) keep(name, value)
    }

    private fun keep(name: String, value: JsonElement) = out.extra(name, value)

    private companion object {
        val MESSAGE_DELTA = setOf("type", "delta", "usage")
    }
}
